import * as m from '#domain/messages/compiled/replay.js';
import { dateFormat } from '#domain/formats.ts';
import { currentLocale } from '#domain/language.ts';
import type { SeatEvent, SeatGap, SeatHappening } from '#domain/seat-events.ts';

/** What happened, for people. */
const WORDS: Record<SeatHappening, () => string> = {
  held: m.did_held,
  released: m.did_released,
  expired: m.did_expired,
  booked: m.did_booked,
  'given-back': m.did_given_back,
  blocked: m.did_blocked,
  unblocked: m.did_unblocked,
  'set-aside': m.did_set_aside,
  'passed-on': m.did_passed_on,
  revoked: m.did_revoked,
  lost: m.did_lost,
  mended: m.did_mended,
  'map-made': m.did_map_made,
  'map-ended': m.did_map_ended
};
const STATES: Record<SeatEvent['state'], () => string> = {
  ...{ available: m.state_available, held: m.state_held, booked: m.state_booked, blocked: m.state_blocked }
};
export const happened = ({ what, state }: Pick<SeatEvent, 'what' | 'state'>) =>
  what === 'map-made' || what === 'mended' ? `${WORDS[what]()}: ${STATES[state]()}` : WORDS[what]();

const WHY: Record<SeatGap['reason'], { some: (counted: { count: number }) => string; last: () => string }> = {
  trimmed: { some: m.gap_trimmed, last: m.last_trimmed },
  lost: { some: m.gap_lost, last: m.last_lost },
  'went-back': { some: m.gap_back, last: m.last_back }
};
export const gapInWords = ({ from, to, reason }: SeatGap) => {
  const { some, last } = WHY[reason];
  return to === null ? last() : some({ count: to - from + 1 });
};

/** `12 Dec 19:30:05` in the zone of the venue. */
export const moment = (at: number | string, timeZone: string) =>
  dateFormat(currentLocale(), {
    ...{ timeZone, day: 'numeric', month: 'short' },
    ...{ hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' }
  })
    .format(new Date(at))
    .replace(',', '');
