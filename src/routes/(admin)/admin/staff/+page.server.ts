import * as m from '#domain/messages/compiled/desk_people.js';
import { isRefusal } from '#domain/refusal.ts';
import { manager } from '$lib/server/desk';
import { typed } from '$lib/server/small-forms.ts';
import { failWith } from '$lib/server/form';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals }) => {
  const by = manager(locals);
  return { staff: await locals.app.checkIn.staff.list(by), everybody: by.owner === null };
};

export const actions: Actions = {
  appoint: async ({ locals, request }) => {
    const by = manager(locals);
    const values = typed(await request.formData());
    const done = await locals.app.checkIn.staff.appoint(by, values['email'] ?? '');
    return isRefusal(done) ? failWith(done, values) : { done: m.may_check({ name: done.name }) };
  },

  remove: async ({ locals, request }) => {
    const by = manager(locals);
    const values = typed(await request.formData());
    const gone = await locals.app.checkIn.staff.remove(by, values['organizer'] ?? '', values['user'] ?? '');
    return isRefusal(gone) ? failWith(gone) : { done: m.may_no_longer() };
  }
};
