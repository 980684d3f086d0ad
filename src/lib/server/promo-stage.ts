import type { Manager } from '../../../server/catalog/ownership.ts';
import type { PromoCode } from '../../../server/catalog/promo-codes.ts';

const OFFERED = 100;

/** What a promo code may be for: the shows to come, and those it is for already; and by whose clock its times are. */
export async function promoStage(app: App.Locals['app'], by: Manager, promo?: PromoCode) {
  const coming = await app.desk.shows.list(by, { when: 'coming', sort: 'soonest', limit: OFFERED });
  const offered = coming.items.map(({ id, event, startsAt, venue }) => ({
    ...{ id, startsAt, title: `${event.title}, ${venue.name}` },
    timeZone: venue.timeZone
  }));
  const known = new Set(offered.map(({ id }) => id));
  const shows = [...(promo?.shows ?? []).filter(({ id }) => !known.has(id)), ...offered];
  return { shows, timeZone: promo?.shows?.[0]?.timeZone ?? offered[0]?.timeZone ?? 'UTC' };
}
