import type { Findings } from './findings.ts';
import type { Point } from './format.ts';
import { add, isFields, readList, readNumber, readPosition, type Fields } from './mend.ts';

/** A shape or a text of a zone: in pretix a drawing without seats. Its outline is in pixels of the plan. */
export interface DrawnArea {
  path: string;
  uuid: string;
  text: string;
  /** Where it was put; the middle of an ellipse, a corner of a rectangle. */
  at: Point;
  /** Empty for a text alone. */
  outline: Point[];
}

const ELLIPSE_CORNERS = 24;

export function readAreas(value: unknown, path: string, zone: Point, found: Findings): DrawnArea[] {
  if (value === undefined || value === null) return [];
  const drawn: DrawnArea[] = [];
  for (const [n, each] of (readList(value, path, found) ?? []).entries()) {
    const area = isFields(each) ? each : null;
    if (area) drawn.push(readArea(area, `${path}.${n}`, zone, found));
    else found.repair(`${path}.${n}`, 'is not an object', 'left out');
  }
  return drawn;
}

function readArea(area: Fields, path: string, zone: Point, found: Findings): DrawnArea {
  const at = add(zone, readPosition(area['position'], `${path}.position`, found, 'origin'));
  const turn = ((readNumber(area['rotation'] ?? 0, `${path}.rotation`, found) ?? 0) * Math.PI) / 180;
  const outline = corners(area, path, found).map(({ x, y }) => ({
    x: at.x + x * Math.cos(turn) - y * Math.sin(turn),
    y: at.y + x * Math.sin(turn) + y * Math.cos(turn)
  }));
  // The first version of the format had the words themselves here.
  const text = isFields(area['text']) ? area['text']['text'] : area['text'];
  return {
    ...{ path, at, outline, uuid: typeof area['uuid'] === 'string' ? area['uuid'] : '' },
    text: typeof text === 'string' ? text.slice(0, 200) : ''
  };
}

/** The corners around the area's position, which is (0, 0) here. */
function corners(area: Fields, path: string, found: Findings): Point[] {
  const part = (name: string): Fields => (isFields(area[name]) ? area[name] : {});
  const length = (fields: Fields, key: string, at: string) =>
    Math.min(1e7, Math.max(0, readNumber(fields[key], `${path}.${at}`, found) ?? 0));
  // A file of the first version has no shape: all areas were rectangles.
  switch (area['shape'] ?? ('width' in area ? 'old rectangle' : 'text')) {
    case 'polygon': {
      const points = part('polygon')['points'] ?? [];
      return (readList(points, `${path}.polygon.points`, found) ?? []).map((point, n) =>
        readPosition(point, `${path}.polygon.points.${n}`, found, 'origin')
      );
    }
    case 'rectangle':
      return rectangle(
        length(part('rectangle'), 'width', 'rectangle.width'),
        length(part('rectangle'), 'height', 'rectangle.height')
      );
    case 'old rectangle':
      return rectangle(length(area, 'width', 'width'), length(area, 'height', 'height'));
    case 'circle': {
      const radius = length(part('circle'), 'radius', 'circle.radius');
      return ellipse(radius, radius);
    }
    case 'ellipse': {
      const radius = part('ellipse')['radius'];
      const { x, y } = readPosition(radius, `${path}.ellipse.radius`, found, 'origin');
      return ellipse(Math.abs(x), Math.abs(y));
    }
    case 'text':
      return [];
    default:
      found.repair(`${path}.shape`, 'is not a shape of the format', 'taken as a text');
      return [];
  }
}

const rectangle = (width: number, height: number): Point[] => [
  { x: 0, y: 0 },
  { x: width, y: 0 },
  { x: width, y: height },
  { x: 0, y: height }
];

const ellipse = (a: number, b: number): Point[] =>
  Array.from({ length: ELLIPSE_CORNERS }, (_, n) => {
    const angle = (2 * Math.PI * n) / ELLIPSE_CORNERS;
    return { x: a * Math.cos(angle), y: b * Math.sin(angle) };
  });
