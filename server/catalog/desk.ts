import { isRefusal } from '#domain/refusal.ts';
import type { ShowId } from '#domain/ids.ts';
import type { Database } from '../db/database.ts';
import type { Live } from '../live/live.ts';
import type { Logger } from '../log.ts';
import type { Seats } from '../seats/seats.ts';
import type { Pictures } from '../pictures/pictures.ts';
import { createBanners, type Banners } from './banners.ts';
import { createEvents, type Events } from './events.ts';
import { managerOf } from './ownership.ts';
import { createPlanFiles, type PlanFiles } from './plan-files.ts';
import { createPlans, type Plans } from './plans.ts';
import { createPlanChange, type PlanChange } from './plan-change.ts';
import { createPromoCodes, type PromoCodes } from './promo-codes.ts';
import { createShows, type Shows } from './shows.ts';
import { createVenues, type Venues } from './venues.ts';

/**
 * The organizer's side of the catalogue. Every call takes the `Manager` that `managerOf` answers, so nothing here can
 * be asked without the rule of ownership; what changes a show reaches its live map and everybody who watches it.
 */
export interface Desk {
  managerOf: typeof managerOf;
  venues: Venues;
  plans: Plans;
  planFiles: PlanFiles;
  events: Events;
  banners: Banners;
  shows: Shows & PlanChange;
  promoCodes: PromoCodes;
}

export function createDesk(parts: { db: Database; seats: Seats; live: Live; pictures: Pictures; log: Logger }): Desk {
  const { db, seats, live } = parts;
  const log = parts.log.child({ part: 'desk' });
  const [events, shows] = [createEvents(db), createShows(db)];
  const planChange = createPlanChange({ db, seats, live });

  /** The show is gone from Postgres, so nothing can be booked; without its map nothing can be held either. */
  async function forget(show: ShowId) {
    live.showChanged(show, { sale: 'closed' });
    const refusal = await seats.forget(show);
    if (isRefusal(refusal)) log.warn({ show, code: refusal.code }, 'the map of a deleted show is still in Redis');
  }

  return {
    managerOf,
    venues: createVenues(db),
    plans: createPlans(db),
    planFiles: createPlanFiles(db),
    promoCodes: createPromoCodes(db),
    banners: createBanners({ db, pictures: parts.pictures, log }),
    events: {
      ...events,
      async remove(by, id) {
        const gone = await events.remove(by, id);
        if (!isRefusal(gone)) await Promise.all(gone.map(forget));
        return gone;
      }
    },
    shows: {
      ...shows,
      ...planChange,
      async update(by, id, patch) {
        const show = await shows.update(by, id, patch);
        if (isRefusal(show)) return show;
        // Saved is saved: a map that cannot be told now reads its terms from Postgres when it is rebuilt.
        const refusal = await seats.setSale(id, show.sale);
        if (isRefusal(refusal)) log.warn({ show: id, code: refusal.code }, 'the live map has the old terms of sale');
        live.showChanged(id, { sale: show.sale, terms: true });
        live.control.changed({ showId: id, what: 'terms', by: null, text: 'Times or prices were changed.' });
        return show;
      },
      async remove(by, id) {
        const refusal = await shows.remove(by, id);
        if (!isRefusal(refusal)) await forget(id);
        return refusal;
      }
    }
  };
}
