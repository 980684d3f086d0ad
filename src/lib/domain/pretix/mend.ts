import type { Findings } from './findings.ts';
import { FAR, TEXT_AT_MOST, type Point } from './format.ts';

/** Readers of single values that take what was certainly meant, and say so. */

export type Fields = Readonly<Record<string, unknown>>;

export const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** `a list`, `text`, `nothing`: what stands where something else should. */
export function kindOf(value: unknown): string {
  if (value === undefined || value === null) return 'nothing';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'string') return 'text';
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`;
}

export function readList(value: unknown, path: string, found: Findings): readonly unknown[] | null {
  if (Array.isArray(value)) return value;
  found.error(path, `must be a list, but there is ${kindOf(value)}`);
  return null;
}

export function readFields(value: unknown, path: string, found: Findings): Fields | null {
  if (isFields(value)) return value;
  found.error(path, `must be an object, but there is ${kindOf(value)}`);
  return null;
}

/** Text that is not empty; null when there is none. */
export function readText(value: unknown, path: string, found: Findings): string | null {
  if (typeof value === 'number' && Number.isFinite(value)) {
    found.repair(path, 'is a number, not text', 'taken as text');
    return String(value);
  }
  if (typeof value !== 'string' || value === '') return null;
  if (value.length <= TEXT_AT_MOST) return value;
  found.repair(path, `is longer than ${TEXT_AT_MOST} letters`, 'cut off there');
  return value.slice(0, TEXT_AT_MOST);
}

/** A finite number, also one written as text; null when there is none. */
export function readNumber(value: unknown, path: string, found: Findings): number | null {
  if (typeof value === 'number') return Number.isFinite(value) ? value : null;
  if (typeof value !== 'string' || value.trim() === '' || !Number.isFinite(Number(value))) return null;
  found.repair(path, 'is text, not a number', 'taken as a number');
  return Number(value);
}

function readCoordinate(value: unknown, path: string, found: Findings): number {
  const number = readNumber(value, path, found);
  if (number !== null && Math.abs(number) <= FAR) return number;
  const wrong = typeof value === 'number' ? String(value) : kindOf(value);
  found.error(path, number === null ? `must be a number, but there is ${wrong}` : `${number} is outside of any hall`);
  return 0;
}

/** Older files leave out the positions of rows and zones where they are (0, 0); a seat must have one. */
export function readPosition(value: unknown, path: string, found: Findings, missing: 'origin' | 'error'): Point {
  if (value === undefined || value === null) {
    if (missing === 'origin') found.repair(path, 'is missing', 'taken as (0, 0)');
    else found.error(path, 'is missing: nobody can say where the seat stands');
    return { x: 0, y: 0 };
  }
  const fields = readFields(value, path, found);
  if (!fields) return { x: 0, y: 0 };
  return {
    x: readCoordinate(fields['x'], `${path}.x`, found),
    y: readCoordinate(fields['y'], `${path}.y`, found)
  };
}

export const add = (a: Point, b: Point): Point => ({ x: a.x + b.x, y: a.y + b.y });

/** `Main floor` → `main-floor`, or `fallback` when no letter is left. */
export function slug(text: string, fallback: string): string {
  const plain = text.normalize('NFKD').replaceAll(/\p{M}/gu, '').toLowerCase();
  return plain.replaceAll(/[^\p{L}\p{N}]+/gu, '-').replaceAll(/^-+|-+$/g, '') || fallback;
}

/** `wanted`, or `wanted-2`, `wanted-3` … where it is taken. Adds it to `taken`. */
export function unused(wanted: string, taken: Set<string>, counters: Map<string, number>): string {
  let id = wanted;
  // Without the counter a file with one guid for all seats would be tried in quadratic time.
  for (let n = counters.get(wanted) ?? 2; taken.has(id); n++) {
    id = `${wanted}-${n}`;
    counters.set(wanted, n + 1);
  }
  taken.add(id);
  return id;
}
