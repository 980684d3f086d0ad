import { error } from '@sveltejs/kit';
import { embedQuery } from '#domain/embed.ts';
import { catalogId } from '#domain/ids.ts';
import type { PageServerLoad } from './$types';

/**
 * A show's live map for a frame on another site. It is the same for everybody who looks: whoever chooses seats here is a
 * guest of the frame (src/lib/embed/frame-guest.ts), and no cookie is asked who they might be elsewhere.
 */
export const load: PageServerLoad = async ({ locals, params, url }) => {
  const { app } = locals;
  if (!catalogId.safeParse(params.id).success) error(404, 'There is no such show.');
  const show = await app.catalog.show(params.id);
  if (!show) error(404, 'There is no such show.');
  // Before anything can go wrong: what it says then is for the same frame.
  locals.framing = await app.embed.sites.framing(show.event.organizerId);
  const plan = await app.catalog.plan(show.planId);
  return {
    show,
    sites: locals.framing,
    wish: embedQuery.parse(Object.fromEntries(url.searchParams)),
    guest: app.accounts.issueBuyer().token,
    // All of them: the hold that is made on the open page belongs to the terms of its moment.
    earlier: show.terms > 1 ? await app.catalog.earlierPrices(show.id, 1) : { prices: [], pricing: [] },
    wheelchairs: plan?.seats.some(({ attributes }) => attributes?.includes('wheelchair')) ?? false,
    serverTime: Date.now()
  };
};
