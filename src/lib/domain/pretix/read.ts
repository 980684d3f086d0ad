import type { Plan } from '#domain/plan.ts';
import type { Refusal } from '#domain/refusal.ts';
import { assemble } from './assemble.ts';
import { ContentsReader } from './contents.ts';
import { Findings, type Repair } from './findings.ts';
import { LETTERS_AT_MOST, PIXELS_PER_UNIT } from './format.ts';
import { frame } from './frame.ts';
import { readHall } from './hall.ts';
import { readFields } from './mend.ts';
import { reportOddities } from './report.ts';
import { measureScale } from './scale.ts';
import { readSupplement } from './supplement.ts';
import { TierTable } from './tiers.ts';

export type { Repair } from './findings.ts';

interface Options {
  /** The second file of an export of ours. */
  supplement?: unknown;
  /** Called now and then with the number of seats read so far. */
  onSeats?: (done: number) => void;
}

/**
 * A pretix file (parsed JSON) as a plan, with a list of all that had to be repaired. Older and damaged files are read
 * as long as it is clear what was meant; the others answer INVALID, with the path of each error. Never throws.
 */
export function readPretix(
  json: unknown,
  { supplement: second, onSeats = () => undefined }: Options = {}
): { plan: Plan; repairs: Repair[] } | Refusal {
  const found = new Findings();
  const file = readFields(json, '', found);
  if (!file) return found.refusal();
  const supplement = readSupplement(second, found);
  const tiers = new TierTable(file['categories'], supplement, found);
  const contents = new ContentsReader(found, tiers, onSeats).read(file);
  if (found.errors.length > 0) return found.refusal();

  const perUnit = supplement ? PIXELS_PER_UNIT : measureScale(contents.zones, found);
  const hall = readHall(contents.areas, supplement, perUnit, found);
  const { paths, ...built } = assemble(contents, hall, supplement, perUnit, found);
  const drawn = { name: contents.name, stage: hall.stage, tiers: tiers.tiers, ...built };
  const plan = frame(drawn, contents, supplement, perUnit, found);
  if (plan.tiers.length > 5) {
    found.repair('categories', `there are ${plan.tiers.length}, but only five colours`, 'colours are used again');
  }
  reportOddities(plan, paths, found);
  return { plan, repairs: found.repairs };
}

/** The JSON in `text`, or INVALID with what is wrong about it. `path` names the file among several. */
export function parseJson(text: string, path = ''): { json: unknown } | Refusal {
  const found = new Findings();
  if (text.length > LETTERS_AT_MOST) {
    found.error(path, `is longer than ${LETTERS_AT_MOST / 1024 / 1024} million letters`);
    return found.refusal();
  }
  try {
    // Editors on Windows begin a file with a mark of its encoding.
    return { json: JSON.parse(text.startsWith('\uFEFF') ? text.slice(1) : text) as unknown };
  } catch (error) {
    // Python writes numbers that are none into its files.
    const hint = /[:[,]\s*-?(NaN|Infinity)\b/.test(text) ? ' NaN and Infinity are no numbers in JSON.' : '';
    found.error(path, `is not well-formed JSON: ${error instanceof Error ? error.message.slice(0, 160) : ''}.${hint}`);
    return found.refusal();
  }
}
