import type { Plan, PlanArea } from '#domain/plan.ts';
import type { DrawnArea } from './areas.ts';
import type { Findings } from './findings.ts';
import { toUnits } from './format.ts';
import type { Supplement } from './supplement.ts';

/** What stands around the seats: the stage, and the standing areas, of which only the supplement knows. */
export interface Hall {
  stage: Plan['stage'];
  areas: PlanArea[];
}

type Outline = [number, number][];

const NEAR = 0.01;
/** What people write on a stage. */
const STAGE_WORDS =
  /\b(stage|bühne|podium|scene|scène|escenario|escena|palco|palcoscenico|scena|toneel|screen|leinwand)\b/i;

export function readHall(
  drawn: readonly DrawnArea[],
  supplement: Supplement | null,
  perUnit: number,
  found: Findings
): Hall {
  const outlineOf = (area: DrawnArea): Outline =>
    area.outline.map(({ x, y }) => [toUnits(x, perUnit), toUnits(y, perUnit)]);
  const byUuid = new Map(drawn.map((area) => [area.uuid, area]));
  const kept = new Set<DrawnArea>();
  const areas: PlanArea[] = [];
  for (const { uuid, ...area } of supplement?.areas ?? []) {
    const own = byUuid.get(uuid);
    if (!own) {
      found.repair('supplement.areas', `“${area.name}” is no longer drawn in the file`, 'left out, with its places');
      continue;
    }
    kept.add(own);
    areas.push({ ...area, name: own.text || area.name, outline: nearest(outlineOf(own), area.outline) });
  }
  const known = supplement && byUuid.get(supplement.stage.uuid);
  const stage = known ?? drawn.find((area) => !kept.has(area) && STAGE_WORDS.test(area.text));
  if (stage) kept.add(stage);
  for (const area of drawn) {
    if (kept.has(area)) continue;
    const words = area.text ? `“${area.text}”` : 'a drawing without words';
    found.repair(area.path, `${words} is neither the stage nor seats`, 'left out: a plan shows no other drawings');
  }
  if (!stage) return { stage: { label: 'STAGE', outline: [] }, areas };
  if (!known || !supplement) return { stage: { label: stage.text, outline: outlineOf(stage) }, areas };
  return { stage: { label: stage.text, outline: nearest(outlineOf(stage), supplement.stage.outline) }, areas };
}

/** The exact outline unless the drawing was changed. */
function nearest(read: Outline, exact: Outline): Outline {
  const isSame =
    read.length === exact.length &&
    read.every(([x, y], n) => Math.hypot(x - (exact[n]?.[0] ?? NaN), y - (exact[n]?.[1] ?? NaN)) <= NEAR);
  return isSame ? exact : read;
}
