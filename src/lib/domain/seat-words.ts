import type { Language } from './language.ts';
import * as m from './messages/compiled/seat.js';

/** The names that `nameSeats` gives (plan.ts) and that tickets keep. A section may be called anything. */
const NUMBERED = /^(.*), row (.+), seat (.+)$/s;
const STANDING = /^(.*), standing$/s;

/** A seat's kept name as the reader's language, or this one, says it: `Stalls, row F, seat 7` is „Stalls, Reihe F, Platz 7“. */
export function seatInWords(label: string, as?: { locale: Language }): string {
  const numbered = NUMBERED.exec(label);
  if (numbered) return m.numbered({ section: numbered[1] ?? '', row: numbered[2] ?? '', seat: numbered[3] ?? '' }, as);
  const standing = STANDING.exec(label);
  return standing ? m.standing({ section: standing[1] ?? '' }, as) : label;
}

/** The same of several, in one line. */
export const seatsInWords = (seats: readonly { label: string }[]): string =>
  seats.map(({ label }) => seatInWords(label)).join('; ');
