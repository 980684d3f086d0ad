import { bookingsQuery } from '#domain/reports.ts';
import { manager, searchOf } from '$lib/server/desk';
import type { PageServerLoad } from './$types';

const EVENTS_OFFERED = 100;

export const load: PageServerLoad = async ({ locals, url }) => {
  const by = manager(locals);
  const query = searchOf(url, bookingsQuery);
  const [bookings, events] = await Promise.all([
    locals.app.reports.bookings(by, query),
    locals.app.desk.events.list(by, { sort: 'title', limit: EVENTS_OFFERED })
  ]);
  return { ...bookings, query, events: events.items.map(({ id, title }) => ({ value: id, label: title })) };
};
