import type { HoldEnded } from '#domain/protocol.ts';
import type { SeatIndex } from '#domain/seat-map.ts';
import type { Refused } from './wire.ts';

export const ENDED: Record<HoldEnded['reason'], string> = {
  expired: 'Your time is up and your seats are on sale again. Choose once more: many are still there.',
  released: 'The organizer has put seats of yours back. What you still hold is shown here; please choose others.',
  lost: 'We could not keep your seats. We are sorry; please choose again.',
  booked: 'Your seats are booked.'
};

/** "9 minutes 58 seconds", "1 minute", "30 seconds" */
export function timeLeft(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000));
  const some = (count: number, unit: string) => (count === 0 ? '' : `${count} ${unit}${count === 1 ? '' : 's'}`);
  const words = [some(Math.floor(seconds / 60), 'minute'), some(seconds % 60, 'second')].filter(Boolean).join(' ');
  return words || 'no time';
}

/** The server knows seats by number; a person is told their names. */
export function refusalInWords(
  answer: Refused,
  asked: readonly SeatIndex[],
  nameOf: (seat: SeatIndex) => string
): string {
  // A refused wish names no seats: its own words say what there is not.
  if (answer.code !== 'SEAT_TAKEN' || answer.seats?.length === 0) return answer.message;
  const names = [...new Set((answer.seats ?? asked).map(nameOf))];
  const next = answer.alternatives?.[0] ? '' : ' Please choose another.';
  return `${inWords(names)} ${names.length === 1 ? 'was' : 'were'} taken a moment ago.${next}`;
}

/** "C7 and C8", "C7 to C12", "2 places in Dance floor". */
export function offerInWords(seats: readonly SeatIndex[], nameOf: (seat: SeatIndex) => string): string {
  const all = seats.map(nameOf);
  const names = [...new Set(all)];
  // Places of a standing area have no names of their own.
  if (names.length < all.length) return `${all.length} places in ${inWords(names)}`;
  const [first = '', last = ''] = [all[0], all.at(-1)];
  const row = (name: string) => name.replace(/\d+$/, '');
  const sideBySide = seats.every((seat, n) => seat === (seats[0] ?? 0) + n) && row(first) === row(last);
  return all.length > 3 && sideBySide ? `${first} to ${last}` : inWords(all);
}

const inWords = (names: readonly string[]) =>
  names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names.at(-1) ?? ''}`;
