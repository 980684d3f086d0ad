import { error } from '@sveltejs/kit';
import { not_a_search } from '#domain/messages/compiled/home.js';
import { eventsQuery } from '#domain/protocol.ts';
import type { PageServerLoad } from './$types';

const DAY_MS = 86_400_000;
const PAGE = 12;

const isoDay = (at: number) => new Date(at).toISOString().slice(0, 10);

export const load: PageServerLoad = async ({ locals, url }) => {
  // Empty fields of the form mean "any".
  const given = Object.fromEntries([...url.searchParams].filter(([, value]) => value !== ''));
  const parsed = eventsQuery.safeParse({ limit: PAGE, ...given });
  if (!parsed.success) error(400, not_a_search());
  const query = parsed.data;
  const [page, cities] = await Promise.all([locals.app.catalog.events(query), locals.app.catalog.cities()]);
  const now = Date.now();
  return {
    ...page,
    cities,
    query: {
      q: query.q ?? '',
      kind: query.kind ?? '',
      city: query.city ?? '',
      from: query.from ?? '',
      to: query.to ?? ''
    },
    cursor: query.cursor ?? null,
    days: { today: isoDay(now), week: isoDay(now + 6 * DAY_MS), month: isoDay(now + 30 * DAY_MS) }
  };
};
