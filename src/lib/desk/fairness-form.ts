import { FAIRNESS_USUAL, type Fairness } from '#domain/waiting-room.ts';
import { numberIn, type Typed } from '$lib/forms/text-form.ts';

/** What an organizer asks of a hot show, as fields. Those of a form that has none of them say nothing. */
export const fairnessLabels: Typed = {
  roomPerMinute: 'Waiting room: admit at most so many a minute (empty: no waiting room)',
  roomMinutes: 'Minutes that an admission lasts',
  seatsPerNetwork: 'Seats per internet connection (empty: any number)',
  coolDownSeconds: 'Seconds to wait after holds that ran out (0: none)'
};

export function readFairness(values: Typed): Partial<Fairness> {
  const orNone = (given: string) => (given === '' ? null : numberIn(given));
  const read = <T>(name: keyof Fairness, of: (given: string) => T) =>
    values[name] === undefined ? {} : { [name]: of(values[name].trim()) };
  return {
    ...read('roomPerMinute', orNone),
    ...read('roomMinutes', numberIn),
    ...read('seatsPerNetwork', orNone),
    ...read('coolDownSeconds', numberIn)
  };
}

export const fairnessValues = (show: Fairness = FAIRNESS_USUAL): Typed => ({
  roomPerMinute: show.roomPerMinute === null ? '' : String(show.roomPerMinute),
  roomMinutes: String(show.roomMinutes),
  seatsPerNetwork: show.seatsPerNetwork === null ? '' : String(show.seatsPerNetwork),
  coolDownSeconds: String(show.coolDownSeconds)
});
