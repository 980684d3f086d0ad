import * as m from '#domain/messages/compiled/desk_forms.js';
import { FAIRNESS_USUAL, type Fairness } from '#domain/waiting-room.ts';
import { numberIn, type Typed } from '$lib/forms/text-form.ts';

/** What an organizer asks of a hot show, as fields. */
export const fairnessLabels = (): Typed => ({
  roomPerMinute: m.room_per_minute(),
  roomMinutes: m.room_minutes(),
  seatsPerNetwork: m.seats_per_network(),
  coolDownSeconds: m.cool_down()
});

/** Empty means none of it; where there must be a number, it means that it stays as it is. */
export function readFairness(values: Typed): Partial<Fairness> {
  const given = (name: keyof Fairness) => values[name]?.trim() ?? '';
  const orNull = (name: keyof Fairness) => (given(name) === '' ? null : numberIn(given(name)));
  const orLeft = (name: keyof Fairness) => (given(name) === '' ? {} : { [name]: numberIn(given(name)) });
  return {
    ...{ roomPerMinute: orNull('roomPerMinute'), seatsPerNetwork: orNull('seatsPerNetwork') },
    ...{ ...orLeft('roomMinutes'), ...orLeft('coolDownSeconds') }
  };
}

export const fairnessValues = (show: Fairness = FAIRNESS_USUAL): Typed => ({
  roomPerMinute: show.roomPerMinute === null ? '' : String(show.roomPerMinute),
  roomMinutes: String(show.roomMinutes),
  seatsPerNetwork: show.seatsPerNetwork === null ? '' : String(show.seatsPerNetwork),
  coolDownSeconds: String(show.coolDownSeconds)
});
