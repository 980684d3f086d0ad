import { currentLocale } from '#domain/language.ts';
import * as m from '#domain/messages/compiled/show.js';
import type { HoldEnded } from '#domain/protocol.ts';
import type { SeatIndex } from '#domain/seat-map.ts';
import type { Refused } from './wire.ts';

const ENDED: Record<HoldEnded['reason'], () => string> = {
  ...{ expired: m.ended_expired, released: m.ended_released, lost: m.ended_lost, booked: m.ended_booked }
};
export const endedInWords = (reason: HoldEnded['reason']): string => ENDED[reason]();

/** "9 minutes 58 seconds", "1 minute", "30 seconds" */
export function timeLeft(ms: number): string {
  const all = Math.max(0, Math.round(ms / 1000));
  const [minutes, seconds] = [Math.floor(all / 60), all % 60];
  const words = [minutes > 0 ? m.minutes({ count: minutes }) : '', seconds > 0 ? m.seconds({ count: seconds }) : ''];
  return words.filter(Boolean).join(' ') || m.no_time();
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
  const next = answer.alternatives?.[0] ? '' : ` ${m.choose_another()}`;
  return `${m.taken({ count: names.length, seats: inWords(names) })}${next}`;
}

/** "C7 and C8", "C7 to C12", "2 places in Dance floor". */
export function offerInWords(seats: readonly SeatIndex[], nameOf: (seat: SeatIndex) => string): string {
  const all = seats.map(nameOf);
  const names = [...new Set(all)];
  // Places of a standing area have no names of their own.
  if (names.length < all.length) return m.places_in({ count: all.length, area: inWords(names) });
  const [first = '', last = ''] = [all[0], all.at(-1)];
  const row = (name: string) => name.replace(/\d+$/, '');
  const sideBySide = seats.every((seat, n) => seat === (seats[0] ?? 0) + n) && row(first) === row(last);
  return all.length > 3 && sideBySide ? m.from_to({ first, last }) : inWords(all);
}

/** "C7, C8 and C9" */
export const inWords = (names: readonly string[]): string =>
  new Intl.ListFormat(currentLocale(), { type: 'conjunction' }).format(names);
