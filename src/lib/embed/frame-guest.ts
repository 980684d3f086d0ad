import { z } from 'zod';

/**
 * Who buys in a frame: a guest that this frame alone knows, for as long as its tab lives. Browsers keep the storage of a
 * frame apart for each site that it stands on, and some give it none: then the guest lives as long as the page, and seats
 * of a page that is loaded anew are held until their time is over.
 */
const TOKEN = 'fullhouse_guest';
const LEFT = 'fullhouse_left';

export function guestToken(issued: string): string {
  try {
    const kept = sessionStorage.getItem(TOKEN);
    if (kept !== null) return kept;
    sessionStorage.setItem(TOKEN, issued);
  } catch {
    // No storage here.
  }
  return issued;
}

/** Seats that went on to our own pages, until when they are held there (ms since 1970). */
const left = z.object({ show: z.string(), hold: z.string(), until: z.number() });
export type Left = z.infer<typeof left>;

export function noteLeft(given: Left): void {
  try {
    sessionStorage.setItem(LEFT, JSON.stringify(given));
  } catch {
    // Whoever comes back is not reminded; the seats are held all the same.
  }
}

export function leftFor(show: string): Left | null {
  try {
    const found = left.safeParse(JSON.parse(sessionStorage.getItem(LEFT) ?? 'null')).data;
    return found?.show === show && found.until > Date.now() ? found : null;
  } catch {
    return null;
  }
}
