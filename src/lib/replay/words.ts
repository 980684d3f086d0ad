import type { SeatEvent, SeatGap, SeatHappening } from '#domain/seat-events.ts';

/** What happened, for people. */
const WORDS: Record<SeatHappening, string> = {
  held: 'Held',
  released: 'Let go by its buyer',
  expired: 'The hold ran out',
  booked: 'Booked',
  'given-back': 'Given back: the booking was cancelled',
  blocked: 'Blocked',
  unblocked: 'Back on sale',
  'set-aside': 'Set aside for the waiting list',
  'passed-on': 'Nobody on the waiting list wanted it: on sale',
  revoked: 'The hold was ended by the organizer',
  lost: 'The hold lost it: it was booked already',
  mended: 'Made to agree with the books',
  'map-made': 'The map was made from the books',
  'map-ended': 'The map was taken away'
};
export const happened = ({ what, state }: Pick<SeatEvent, 'what' | 'state'>) =>
  what === 'map-made' || what === 'mended' ? `${WORDS[what]}: ${state}` : WORDS[what];

const WHY: Record<SeatGap['reason'], string> = {
  trimmed: 'were more than Redis could keep while no worker ran',
  lost: 'were lost with Redis',
  'went-back': 'were forgotten by Redis when it restarted or failed over'
};
export const gapInWords = ({ from, to, reason }: SeatGap) => {
  const count = to === null ? null : to - from + 1;
  const which =
    count === null ? 'The last entries' : count === 1 ? 'One entry' : `${count.toLocaleString('en')} entries`;
  return `${which} of the log ${count === 1 ? WHY[reason].replace('were', 'was') : WHY[reason]}.`;
};

/** `12 Dec 19:30:05` in the zone of the venue. */
export const moment = (at: number | string, timeZone: string) =>
  new Intl.DateTimeFormat('en-GB', {
    ...{ timeZone, day: 'numeric', month: 'short' },
    ...{ hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' }
  })
    .format(new Date(at))
    .replace(',', '');
