import { keptEntry, type KeptEntry } from './kept-booking.ts';
import { KEPT as NAME } from './kept-place.ts';

const keyOf = (id: string) => `/kept-bookings/${id}`;

export async function keep(entries: readonly KeptEntry[]): Promise<void> {
  const cache = await caches.open(NAME);
  await Promise.all(entries.map((entry) => cache.put(keyOf(entry.booking.id), Response.json(entry))));
}

export async function forget(ids: readonly string[]): Promise<void> {
  if (ids.length === 0 || !(await caches.has(NAME))) return;
  const cache = await caches.open(NAME);
  await Promise.all(ids.map((id) => cache.delete(keyOf(id))));
}

export const forgetAll = (): Promise<boolean> => caches.delete(NAME);

export async function findKept(id: string): Promise<KeptEntry | null> {
  const found = await caches.match(keyOf(id), { cacheName: NAME });
  return found ? read(found) : null;
}

/** What begins first comes first. */
export async function allKept(): Promise<KeptEntry[]> {
  if (!(await caches.has(NAME))) return [];
  const cache = await caches.open(NAME);
  const found = await Promise.all((await cache.matchAll()).map(read));
  return found
    .filter((entry) => entry !== null)
    .toSorted((a, b) => Date.parse(a.booking.startsAt) - Date.parse(b.booking.startsAt));
}

/** An entry that an older version of this site left may have another shape: it is as good as none. */
async function read(response: Response): Promise<KeptEntry | null> {
  const given: unknown = await response.json().catch(() => null);
  return keptEntry.safeParse(given).data ?? null;
}
