import { z } from 'zod';
import { placeName } from '#domain/place.ts';

/** What a field that searches offers: rows of our own API, as a value and the words for it. */
export interface Option {
  value: string;
  label: string;
}
const found = z.object({ items: z.array(z.unknown()) });
const named = z.object({ id: z.string(), name: z.string() });
const venue = named.extend({ city: z.string() });
const event = z.object({ id: z.string(), title: z.string() });
const plan = named.extend({ venue: named, room: z.string().nullable() });

export const venueOption = (row: unknown): Option => {
  const { id, name, city } = venue.parse(row);
  return { value: id, label: `${name}, ${city}` };
};
export const eventOption = (row: unknown): Option => {
  const { id, title } = event.parse(row);
  return { value: id, label: title };
};
export const planOption = (row: unknown): Option => {
  const { id, name, venue, room } = plan.parse(row);
  return { value: id, label: `${placeName({ ...venue, room })}: ${name}` };
};

/** The rows that `words` find at `path` of our API; null when it did not answer. */
export async function findOptions(
  path: string,
  words: string,
  option: (row: unknown) => Option,
  signal: AbortSignal
): Promise<Option[] | null> {
  try {
    const url = new URL(path, location.origin);
    if (words !== '') url.searchParams.set('q', words);
    const answer = await fetch(url, { signal });
    return answer.ok ? found.parse(await answer.json()).items.map(option) : null;
  } catch {
    return null;
  }
}
