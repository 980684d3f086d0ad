import { planBody, venueBody } from '#domain/catalog.ts';
import { textForm, type Typed } from '$lib/forms/text-form.ts';
import type { Venue } from '../../../server/catalog/venues.ts';

export const venueForm = textForm({
  labels: { name: 'Name', address: 'Address', city: 'City', country: 'Country', timeZone: 'Time zone' },
  body: venueBody,
  read: ({ name, address, city, country, timeZone }) => ({ name, address, city, country, timeZone })
});

export const venueValues = ({ name, address, city, country, timeZone, version }: Venue): Typed => ({
  ...{ name, address, city, country, timeZone, version: String(version) }
});

/** A hall that can be generated, as a new plan of a venue. */
export const planForm = textForm({
  labels: { generate: 'Hall', planName: 'Name of the plan' },
  hidden: [],
  body: planBody.omit({ venueId: true }),
  read: ({ planName, generate }) => ({ name: planName, generate: Number(generate) }),
  rename: (path) => (path === 'name' ? 'planName' : path)
});
