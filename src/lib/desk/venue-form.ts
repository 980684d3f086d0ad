import * as m from '#domain/messages/compiled/desk_forms.js';
import { planBody, venueBody } from '#domain/catalog.ts';
import { spoken } from '$lib/forms/spoken.ts';
import { textForm, type Typed } from '$lib/forms/text-form.ts';
import type { Venue } from '../../../server/catalog/venues.ts';

export const venueForm = textForm({
  labels: spoken({
    ...{ name: m.name, address: m.address, city: m.city },
    ...{ country: m.country, timeZone: m.time_zone, rooms: m.rooms }
  }),
  body: venueBody,
  read: ({ name, address, city, country, timeZone, rooms = '' }) => ({
    ...{ name, address, city, country, timeZone },
    rooms: rooms.split('\n').filter((room) => room.trim() !== '')
  })
});

export const venueValues = ({ name, address, city, country, timeZone, rooms, version }: Venue): Typed => ({
  ...{ name, address, city, country, timeZone, rooms: rooms.join('\n'), version: String(version) }
});

/** A hall that can be generated, as a new plan of a venue. */
export const planForm = textForm({
  labels: spoken({ generate: m.hall, planName: m.plan_name, room: m.room }),
  hidden: [],
  body: planBody.omit({ venueId: true }),
  read: ({ planName, generate, room }) => ({
    ...{ name: planName, generate: Number(generate) },
    room: room === '' ? null : room
  }),
  rename: (path) => (path === 'name' ? 'planName' : path)
});
