import { planBody, venueBody } from '#domain/catalog.ts';
import { textForm, type Typed } from '$lib/forms/text-form.ts';
import type { Venue } from '../../../server/catalog/venues.ts';

export const venueForm = textForm({
  labels: { name: 'Name', address: 'Address', city: 'City', country: 'Country', timeZone: 'Time zone', rooms: 'Rooms' },
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
  labels: { generate: 'Hall', planName: 'Name of the plan', room: 'Room' },
  hidden: [],
  body: planBody.omit({ venueId: true }),
  read: ({ planName, generate, room }) => ({
    ...{ name: planName, generate: Number(generate) },
    room: room === '' ? null : room
  }),
  rename: (path) => (path === 'name' ? 'planName' : path)
});
