import { amountText } from '#domain/money.ts';
import type { EventKind } from '#domain/protocol.ts';

/** What search engines are told of shows: schema.org's words for them, as JSON-LD. */
export interface SharedShow {
  id: string;
  startsAt: string;
  venue: { name: string; room: string | null; city: string };
  currency: string;
  priceFrom: number | null;
  available: number | null;
  sale: string;
  cancelled: unknown;
}
export interface SharedEvent {
  title: string;
  kind: EventKind;
  description?: string;
  performers?: string;
  picture: string | null;
}

const TYPES: Record<EventKind, string> = {
  movie: 'ScreeningEvent',
  concert: 'MusicEvent',
  theatre: 'TheaterEvent',
  sport: 'SportsEvent',
  other: 'Event'
};

const SCHEMA = 'https://schema.org/';

function availability({ available, sale }: SharedShow): string {
  if (available === 0) return 'SoldOut';
  return sale === 'open' ? 'InStock' : 'OutOfStock';
}

export function showData(event: SharedEvent, show: SharedShow, origin: string) {
  const url = `${origin}/shows/${show.id}`;
  const { name, room, city } = show.venue;
  return {
    '@context': 'https://schema.org',
    '@type': TYPES[event.kind],
    name: event.title,
    startDate: show.startsAt,
    url,
    image: [`${url}/picture.png`, ...(event.picture === null ? [] : [origin + event.picture])],
    ...(event.description ? { description: event.description } : {}),
    ...(event.performers ? { performer: { '@type': 'PerformingGroup', name: event.performers } } : {}),
    eventStatus: SCHEMA + (show.cancelled === null ? 'EventScheduled' : 'EventCancelled'),
    eventAttendanceMode: `${SCHEMA}OfflineEventAttendanceMode`,
    location: {
      '@type': 'Place',
      name: room ? `${name}, ${room}` : name,
      address: { '@type': 'PostalAddress', addressLocality: city }
    },
    ...(show.priceFrom === null || show.cancelled !== null
      ? {}
      : {
          offers: {
            '@type': 'AggregateOffer',
            url,
            // A decimal number in whole units: 1250 minor units of EUR are "12.50", of JPY "1250".
            lowPrice: amountText(show.priceFrom, show.currency),
            priceCurrency: show.currency,
            availability: SCHEMA + availability(show)
          }
        })
  };
}

/** As the inside of a script element: nothing in it can end that element, or begin another. */
export const asScript = (data: unknown): string => JSON.stringify(data).replaceAll('<', '\\u003c');
