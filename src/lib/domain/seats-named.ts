import type { Plan } from './plan.ts';
import type { SeatIndex } from './seat-map.ts';

/** What names need of a plan. */
export type NamedPlan = Pick<Plan, 'sections' | 'rows' | 'areas'> & {
  seats: readonly { index: SeatIndex; label: string }[];
};

/**
 * Seats as people type them: `Stalls A 1-12, 15; Balcony B 3; F7; Dance floor`. Parts are divided by semicolons or
 * lines; a section or a standing area alone means all of it, `Stalls A` the whole row. Case does not matter.
 */
export function seatsNamed(plan: NamedPlan, text: string): { seats: SeatIndex[]; wrong: string[] } {
  const seats = new Set<SeatIndex>();
  const wrong: string[] = [];
  const parts = text.split(/[;\n]/).map((part) => part.trim());
  for (const part of parts.filter((each) => each !== '')) {
    const found = partNamed(plan, part);
    if (!found || found.length === 0) wrong.push(part);
    else for (const seat of found) seats.add(seat);
  }
  return { seats: [...seats].sort((a, b) => a - b), wrong };
}

const same = (a: string, b: string) => a.toLowerCase() === b.toLowerCase();
const from = (first: SeatIndex, count: number) => Array.from({ length: count }, (_, n) => first + n);

function partNamed(plan: NamedPlan, part: string): SeatIndex[] | null {
  // "Stalls, row F, seat 7" is what tickets say.
  const plain = part
    .replace(/,?\s*\brow\s+/i, ' ')
    .replace(/,?\s*\bseats?\s+/i, ' ')
    .replace(/\s+/g, ' ')
    .trim();
  const area = plan.areas.find(({ name }) => same(name, plain));
  if (area) return from(area.first, area.count);
  const whole = plan.sections.find(({ name }) => same(name, plain));
  if (whole)
    return plan.rows.filter(({ section }) => section === whole.id).flatMap((row) => from(row.first, row.count));
  const section = plan.sections
    .filter(({ name }) => plain.toLowerCase().startsWith(`${name.toLowerCase()} `))
    .sort((a, b) => b.name.length - a.name.length)[0];
  const rest = section ? plain.slice(section.name.length + 1) : plain;
  const rows = plan.rows.filter((row) => !section || row.section === section.id);
  // The longest row label that it begins with: "AA 3" is not seat "A 3" of row A.
  const fitting = rows.filter(({ label }) => new RegExp(`^${escaped(label)}(?=$|\\s|\\d)`, 'i').test(rest));
  const longest = Math.max(...fitting.map(({ label }) => label.length));
  const [row, ...others] = fitting.filter(({ label }) => label.length === longest);
  // A row of that name in several sections: which one is meant has to be said.
  if (!row || others.length > 0) return null;
  const numbers = rest.slice(row.label.length).trim();
  return numbers === '' ? from(row.first, row.count) : seatsOfRow(plan, row, numbers);
}

const escaped = (label: string) => label.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

/** `1-12, 15`: a range goes from seat to seat as they stand. */
function seatsOfRow(plan: NamedPlan, row: { first: number; count: number }, numbers: string): SeatIndex[] | null {
  const labels = new Map<string, SeatIndex>();
  for (const { index, label } of plan.seats) {
    if (index >= row.first && index < row.first + row.count) labels.set(label.toLowerCase(), index);
  }
  const found: SeatIndex[] = [];
  for (const each of numbers.split(',').map((one) => one.trim().toLowerCase())) {
    const [start, end] = each.split(/\s*[-–]\s*/);
    const [a, b] = [labels.get(start ?? ''), labels.get(end ?? start ?? '')];
    if (a === undefined || b === undefined) return null;
    found.push(...from(Math.min(a, b), Math.abs(b - a) + 1));
  }
  return found;
}
