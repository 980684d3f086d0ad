import * as m from '#domain/messages/compiled/desk.js';
import { placeName } from '#domain/place.ts';
import type { Option } from './options.ts';

/** A venue, or one of its rooms, as one choice: without JavaScript a list of rooms cannot follow that of venues. */
export const placeOptions = (
  venues: readonly { id: string; name: string; city: string; rooms: readonly string[] }[]
): Option[] =>
  venues.flatMap(({ id, name, city, rooms }) =>
    [null, ...rooms].map((room) => ({
      value: room === null ? id : `${id}/${room}`,
      label: `${placeName({ name, room })}, ${city}`
    }))
  );

/** What the value of such a choice says. */
export function readPlace(value: string): { venueId: string; room: string | null } {
  const [venueId = '', ...room] = value.split('/');
  return { venueId, room: room.length === 0 ? null : room.join('/') };
}

/** The rooms of one venue, for a plan of it. */
export const roomOptions = (rooms: readonly string[]): Option[] => [
  { value: '', label: m.no_room() },
  ...rooms.map((room) => ({ value: room, label: room }))
];
