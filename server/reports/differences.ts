/** One field that is different, in words: null where there was none. */
export interface Difference {
  field: string;
  before: string | null;
  after: string | null;
}

/** Tells nothing to a person: the number goes up with every change, and a program's name for its request. */
const UNTOLD = new Set(['version', 'request']);
const LONGEST = 400;

/** The fields that differ between a thing as it was and as it is; of lists of named parts, which part. */
export function differences(before: unknown, after: unknown): Difference[] {
  const [was, is] = [flatten(before), flatten(after)];
  return [...new Set([...was.keys(), ...is.keys()])].flatMap((field) => {
    const [then, now] = [was.get(field) ?? null, is.get(field) ?? null];
    return then === now || UNTOLD.has(field) ? [] : [{ field, before: then, after: now }];
  });
}

/** `{ venue: { city: 'Bonn' }, tiers: [{ name: 'Floor', price: 3 }] }` → `venue city`: Bonn, `tiers Floor price`: 3 */
function flatten(value: unknown, path = '', into = new Map<string, string>()): Map<string, string> {
  const named = (name: string) => (path === '' ? name : `${path} ${name}`);
  if (value === null || value === undefined) return into;
  if (Array.isArray(value)) {
    if (value.every((part) => typeof part !== 'object')) {
      if (value.length > 0) into.set(path, cut(value.join(', ')));
      return into;
    }
    value.forEach((part: unknown, n) => flatten(withoutName(part), named(nameOf(part) ?? String(n + 1)), into));
  } else if (typeof value === 'object') {
    for (const [key, part] of Object.entries(value)) flatten(part, named(key), into);
  } else {
    into.set(path, cut(String(value as string | number | boolean)));
  }
  return into;
}

const nameOf = (part: unknown): string | null =>
  typeof part === 'object' && part !== null && 'name' in part && typeof part.name === 'string' ? part.name : null;
const withoutName = (part: unknown): unknown =>
  nameOf(part) === null ? part : Object.fromEntries(Object.entries(part as object).filter(([key]) => key !== 'name'));
const cut = (text: string) => (text.length > LONGEST ? `${text.slice(0, LONGEST)} …` : text);
