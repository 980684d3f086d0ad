import * as m from '#domain/messages/compiled/desk_show.js';
import { showsQuery } from '#domain/catalog.ts';
import { catalogId } from '#domain/ids.ts';
import { isRefusal } from '#domain/refusal.ts';
import { orError } from '$lib/components/or-error.ts';
import { embedSiteForm } from '$lib/desk/embed-form.ts';
import { snippetFor } from '$lib/embed/snippet.ts';
import { manager } from '$lib/server/desk';
import { failWith } from '$lib/server/form';
import { filled, refused, saved, sendBack, sent } from '$lib/server/text-forms.ts';
import type { Actions, PageServerLoad } from './$types';

const FORM = 'new-site';
/** Soonest first; the code of a later one is offered where the show is. */
const SHOWS_OFFERED = 100;

export const load: PageServerLoad = async ({ locals, url }) => {
  const by = manager(locals);
  const { config, desk, embed } = locals.app;
  const asked = catalogId.safeParse(url.searchParams.get('show')).data;
  const [sites, shows] = await Promise.all([
    embed.sites.list(by),
    desk.shows.list(by, showsQuery.parse({ when: 'coming', limit: SHOWS_OFFERED }))
  ]);
  const show = asked === undefined ? (shows.items[0] ?? null) : orError(await desk.shows.get(by, asked));
  return {
    ...{ sites, show, everybody: by.owner === null },
    shows: shows.items,
    code: show && snippetFor(config.origin, { id: show.id, title: show.event.title }),
    sent: await filled(embedSiteForm, {}, FORM)
  };
};

export const actions: Actions = {
  add: async ({ locals, request }) => {
    const by = manager(locals);
    const { form, body } = await sent(request, embedSiteForm, FORM);
    if (!body) return sendBack(form);
    const site = await locals.app.embed.sites.add(by, body);
    if (isRefusal(site)) return refused(form, embedSiteForm, site);
    return saved(embedSiteForm, {}, FORM, m.may_show({ site: site.origin }));
  },

  remove: async ({ locals, request }) => {
    const by = manager(locals);
    const id = catalogId.safeParse((await request.formData()).get('site'));
    if (!id.success) return failWith(id.error);
    const gone = await locals.app.embed.sites.remove(by, id.data);
    return isRefusal(gone) ? failWith(gone) : { done: m.may_not_show({ site: gone.origin }) };
  }
};
