import { error } from '@sveltejs/kit';
import { catalogId } from '#domain/ids.ts';
import { broadcastBody, saleState } from '#domain/protocol.ts';
import { refuse } from '#domain/refusal.ts';
import { failWith } from '$lib/server/form';
import type { Actions, PageServerLoad } from './$types';

/** The show, if whoever asks may manage it; else there is no such page. */
async function managed(locals: App.Locals, id: string) {
  const allowed = catalogId.safeParse(id).success && (await locals.app.catalog.mayManage(locals.identity.user, id));
  if (!allowed) error(404, 'There is no such show.');
}

export const load: PageServerLoad = async ({ locals, params, parent }) => {
  await parent();
  await managed(locals, params.id);
  const show = await locals.app.catalog.show(params.id);
  if (!show) error(404, 'There is no such show.');
  return { show, serverTime: Date.now() };
};

export const actions: Actions = {
  sale: async ({ locals, params, request }) => {
    await managed(locals, params.id);
    const sale = saleState.safeParse((await request.formData()).get('sale'));
    if (!sale.success) return failWith(refuse('INVALID', 'That is not a state a sale can have.'));
    const refusal = await locals.app.catalog.setSale(params.id, sale.data);
    if (refusal) return failWith(refusal);
    locals.app.live.showChanged(params.id, { sale: sale.data });
    return { done: sale.data === 'open' ? 'The sale goes on.' : `The sale is ${sale.data}.` };
  },

  notice: async ({ locals, params, request }) => {
    await managed(locals, params.id);
    const form = await request.formData();
    const given = { text: String(form.get('text') ?? ''), level: String(form.get('level') ?? 'info') };
    const parsed = broadcastBody.safeParse(given);
    if (!parsed.success) return failWith(parsed.error, given);
    const reached = await locals.app.live.notice(params.id, parsed.data.text, parsed.data.level);
    return { done: `Sent to ${reached} ${reached === 1 ? 'viewer' : 'viewers'}.` };
  }
};
