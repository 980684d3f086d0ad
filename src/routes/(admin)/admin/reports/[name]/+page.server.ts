import { error } from '@sveltejs/kit';
import { reportName, reportQuery } from '#domain/reports.ts';
import { isRefusal } from '#domain/refusal.ts';
import { manager, searchOf } from '$lib/server/desk';
import { failWith } from '$lib/server/form';
import { timeZones } from '$lib/server/zones.ts';
import type { PageServerLoad } from './$types';

const OFFERED = 100;

export const load: PageServerLoad = async ({ locals, params, url }) => {
  const by = manager(locals);
  const name = reportName.safeParse(params.name);
  if (!name.success) error(404, 'There is no such page.');
  const query = searchOf(url, reportQuery);
  const { desk, reports } = locals.app;
  const [made, venues, events] = await Promise.all([
    reports.report(by, name.data, query),
    desk.venues.list(by, { sort: 'name', limit: OFFERED }),
    desk.events.list(by, { sort: 'title', limit: OFFERED })
  ]);
  return {
    ...{ name: name.data, query, timeZones: timeZones() },
    // What was chosen stays chosen: the form says which of it cannot be.
    report: isRefusal(made) ? null : made,
    wrong: isRefusal(made) ? failWith(made).data.errors : {},
    venues: venues.items.map((venue) => ({ value: venue.id, label: venue.name })),
    events: events.items.map((event) => ({ value: event.id, label: event.title }))
  };
};
