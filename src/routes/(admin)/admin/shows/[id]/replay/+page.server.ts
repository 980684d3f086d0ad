import * as m from '#domain/messages/compiled/replay.js';
import { error } from '@sveltejs/kit';
import { isRefusal } from '#domain/refusal.ts';
import { seatEventsQuery } from '#domain/seat-events.ts';
import { orError } from '$lib/components/or-error.ts';
import { managing } from '$lib/server/desk';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals, params, url }) => {
  const by = managing(locals, params.id);
  const { catalog, seatLog } = locals.app;
  const history = orError(await seatLog.history(by, params.id));
  const show = await catalog.show(params.id);
  if (!show) error(404, 'There is no such show.');
  const sought = url.searchParams.get('seat')?.trim() ?? '';
  const query = seatEventsQuery.safeParse({ seat: sought, cursor: url.searchParams.get('cursor') ?? undefined });
  const story = sought === '' ? null : await seatLog.events(by, params.id, query.data ?? { seat: sought, limit: 50 });
  if (story !== null && isRefusal(story) && story.code === 'NOT_FOUND') orError(story);
  return {
    ...{ show, history, sought },
    story: isRefusal(story) ? null : story,
    wrong: isRefusal(story) ? wordsOf(story.details['errors']) : ''
  };
};

/** What is wrong with the name that was sought. */
function wordsOf(errors: unknown): string {
  const [first] = Array.isArray(errors) ? (errors as { message?: string }[]) : [];
  return first?.message ?? m.no_seat();
}
