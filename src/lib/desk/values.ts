import { amountText } from '#domain/money.ts';
import { toLocal } from '#domain/time.ts';
import type { OwnEvent } from '../../../server/catalog/events.ts';
import type { OwnShow } from '../../../server/catalog/own-shows.ts';
import type { Venue } from '../../../server/catalog/venues.ts';

/** Venues, events and shows as text in the fields of their forms, and what those fields are called. */
type Values = Record<string, string>;

export const VENUE_LABELS = {
  ...{ name: 'Name', address: 'Address', city: 'City', country: 'Country', timeZone: 'Time zone' }
};
export const venueValues = ({ name, address, city, country, timeZone }: Venue): Values => ({
  ...{ name, address, city, country, timeZone }
});

export const EVENT_LABELS = {
  ...{ title: 'Title', kind: 'Kind', performers: 'Performers', description: 'Description' },
  ...{ durationMin: 'Duration in minutes', rating: 'Rating', tags: 'Tags' }
};
export const eventValues = (event: OwnEvent): Values => ({
  ...{ title: event.title, kind: event.kind, performers: event.performers, description: event.description },
  ...{ durationMin: event.durationMin?.toString() ?? '', rating: event.rating, tags: event.tags.join(', ') }
});
export const BANNER_LABELS = { file: 'Picture', alt: 'What it shows' };

export const showLabels = (tiers: readonly { tier: string; name: string }[]): Values => ({
  ...{ startsAt: 'Start', doorsAt: 'Doors', saleOpensAt: 'Sale opens', saleClosesAt: 'Sale closes' },
  ...{ seatsPerBuyer: 'Seats per buyer', currency: 'Currency' },
  ...Object.fromEntries(tiers.map(({ tier, name }) => [`prices.${tier}`, `Price of ${name}`]))
});
/** The fields that only the form for new shows has. */
export const RUN_LABELS = {
  ...{ firstDate: 'First day', lastDate: 'Last day', times: 'Times of day', saleOpensAt: 'Sale opens' },
  ...{ doorsBefore: 'Doors, minutes before', closesBefore: 'Sale closes, minutes before' },
  ...{ eventId: 'Event', planId: 'Seating plan' }
};
export const priceValues = ({ tiers, currency }: Pick<OwnShow, 'tiers' | 'currency'>): Values =>
  Object.fromEntries(tiers.map(({ tier, price }) => [`prices.${tier}`, amountText(price, currency)]));
/** Times are those of the clock at the venue. */
export function showValues(show: OwnShow): Values {
  const local = (at: string | null) => (at === null ? '' : toLocal(at, show.venue.timeZone));
  return {
    ...{ startsAt: local(show.startsAt), doorsAt: local(show.doorsAt) },
    ...{ saleOpensAt: local(show.saleOpensAt), saleClosesAt: local(show.saleClosesAt) },
    ...{ seatsPerBuyer: String(show.seatsPerBuyer), currency: show.currency },
    ...priceValues(show)
  };
}
