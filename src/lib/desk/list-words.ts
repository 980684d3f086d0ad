import * as m from '#domain/messages/compiled/desk.js';

/** What the lists of the desk are made of. */
export type Listed = 'venues' | 'events' | 'shows' | 'promo codes';

/** What a list says of its rows, in whole sentences: languages bend these words differently. */
interface ListWords {
  find: () => string;
  counted: (of: { count: number }) => string;
  found: (of: { count: number }) => string;
  noneFits: () => string;
  all: () => string;
  noneYet: () => string;
}

const WORDS: Readonly<Record<Listed, ListWords>> = {
  venues: {
    ...{ find: m.find_venues, counted: m.venues_counted, found: m.venues_found },
    ...{ noneFits: m.no_venue_fits, all: m.all_venues, noneYet: m.no_venues_yet }
  },
  events: {
    ...{ find: m.find_events, counted: m.events_counted, found: m.events_found },
    ...{ noneFits: m.no_event_fits, all: m.all_events, noneYet: m.no_events_yet }
  },
  shows: {
    ...{ find: m.find_shows, counted: m.shows_counted, found: m.shows_found },
    ...{ noneFits: m.no_show_fits, all: m.all_shows, noneYet: m.no_shows_yet }
  },
  'promo codes': {
    ...{ find: m.find_promo_codes, counted: m.promo_codes_counted, found: m.promo_codes_found },
    ...{ noneFits: m.no_promo_code_fits, all: m.all_promo_codes, noneYet: m.no_promo_codes_yet }
  }
};

export const listWords = (of: Listed): ListWords => WORDS[of];
