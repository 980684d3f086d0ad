import type { Plan } from '#domain/plan.ts';
import type { Contents } from './contents.ts';
import type { Findings } from './findings.ts';
import { PIXELS_PER_UNIT } from './format.ts';
import type { Supplement } from './supplement.ts';

/** What is left free around the seats of a plan whose file does not say how large it is (our units). */
const MARGIN = 3;

const round = (value: number) => Math.round(value * 100) / 100 + 0;

type Drawn = Omit<Plan, 'size' | 'focus'>;

/** Size and focus of a plan, which is moved where it begins left of or above its frame. */
export function frame(
  drawn: Drawn,
  { size }: Contents,
  supplement: Supplement | null,
  perUnit: number,
  found: Findings
): Plan {
  if (supplement && size && fits(size.width, supplement.size.width) && fits(size.height, supplement.size.height)) {
    return { ...drawn, size: supplement.size, focus: supplement.focus };
  }
  const { left, top, right, bottom } = boundsOf(drawn, [...drawn.areas, drawn.stage]);
  const [dx, dy] = [left < 0 ? MARGIN - left : 0, top < 0 ? MARGIN - top : 0];
  if (dx !== 0 || dy !== 0) {
    found.repair('zones', 'something stands left of the drawing or above it', 'everything was moved into it');
  }
  const side = (key: 'width' | 'height', most: number): number => {
    const given = (size?.[key] ?? 0) / perUnit;
    if (given >= most) return round(given);
    if (given > 0) found.repair(`size.${key}`, 'leaves seats outside of the drawing', 'made as large as they need');
    return round(most + MARGIN);
  };
  const moved = dx === 0 && dy === 0 ? drawn : move(drawn, dx, dy);
  return {
    ...moved,
    size: { width: side('width', right + dx), height: side('height', bottom + dy) },
    focus: supplement ? { x: supplement.focus.x + dx, y: supplement.focus.y + dy } : focusOf(moved)
  };
}

const fits = (pixels: number, units: number) => pixels === Math.max(1, Math.ceil(units * PIXELS_PER_UNIT));

function boundsOf({ seats }: Pick<Plan, 'seats'>, shapes: readonly Pick<Plan['stage'], 'outline'>[]) {
  const bounds = { left: Infinity, top: Infinity, right: -Infinity, bottom: -Infinity };
  const take = (x: number, y: number) => {
    bounds.left = Math.min(bounds.left, x);
    bounds.top = Math.min(bounds.top, y);
    bounds.right = Math.max(bounds.right, x);
    bounds.bottom = Math.max(bounds.bottom, y);
  };
  for (const { x, y } of seats) take(x, y);
  for (const { outline } of shapes) for (const [x, y] of outline) take(x, y);
  return bounds;
}

function move(drawn: Drawn, dx: number, dy: number): Drawn {
  const shift = <T extends { outline: [number, number][] }>(shape: T): T => ({
    ...shape,
    outline: shape.outline.map(([x, y]) => [round(x + dx), round(y + dy)])
  });
  return {
    ...drawn,
    seats: drawn.seats.map((seat) => ({ ...seat, x: round(seat.x + dx), y: round(seat.y + dy) })),
    areas: drawn.areas.map(shift),
    stage: shift(drawn.stage)
  };
}

/** In front of the stage, in the middle; where none is drawn, before the middle of the first row. */
function focusOf({ seats, stage }: Drawn): Plan['focus'] {
  const rows = boundsOf({ seats }, []);
  const middle = { x: (rows.left + rows.right) / 2, y: (rows.top + rows.bottom) / 2 };
  if (stage.outline.length === 0) return { x: round(middle.x), y: round(rows.top - 2) };
  const xs = stage.outline.map(([x]) => x);
  const ys = stage.outline.map(([, y]) => y);
  const [front, back] = [Math.max(...ys), Math.min(...ys)];
  return {
    x: round((Math.min(...xs) + Math.max(...xs)) / 2),
    y: round(middle.y >= (front + back) / 2 ? front : back)
  };
}
