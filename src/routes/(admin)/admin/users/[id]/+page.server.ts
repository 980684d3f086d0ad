import * as m from '#domain/messages/compiled/desk_people.js';
import { error } from '@sveltejs/kit';
import { uuid } from '#domain/ids.ts';
import { rolePatch } from '#domain/reports.ts';
import { isRefusal, refuse } from '#domain/refusal.ts';
import { orError } from '$lib/components/or-error.ts';
import { roleInWords } from '$lib/desk/role-words.ts';
import { spoken } from '$lib/forms/spoken.ts';
import type { Typed } from '$lib/forms/text-form.ts';
import { admin } from '$lib/server/desk';
import { failForm, typed } from '$lib/server/small-forms.ts';
import type { Actions, PageServerLoad } from './$types';

const SURE = { path: 'sure', message: 'is missing: tick the box if you are sure' };
const unsure = () => refuse('INVALID', m.nothing_changed(), { errors: [SURE] });
const LABELS = spoken({ role: m.role, sure: m.confirm });

function asked(locals: App.Locals, id: string) {
  const by = admin(locals);
  if (!uuid.safeParse(id).success) error(404, 'There is no such page.');
  return by;
}

export const load: PageServerLoad = async ({ locals, params }) => {
  const by = asked(locals, params.id);
  const { items } = await locals.app.reports.audit(by, { kind: 'user', thing: params.id, limit: 20 });
  return { user: orError(await locals.app.users.get(by, params.id)), isSelf: by.user === params.id, history: items };
};

export const actions: Actions = {
  role: async ({ locals, params, request }) => {
    const by = asked(locals, params.id);
    const values = typed(await request.formData());
    const before = orError(await locals.app.users.get(by, params.id));
    const parsed = rolePatch.safeParse({ role: values['role'] });
    if (!parsed.success) return failForm(parsed.error, values, LABELS);
    if (values['sure'] !== 'yes') return failForm(unsure(), values, LABELS);
    const given = await locals.app.users.giveRole(by, params.id, parsed.data.role);
    if (isRefusal(given)) return failForm(given, values, LABELS);
    return {
      done:
        before.role === given.role
          ? m.has_role_already()
          : m.is_now({ name: given.name, role: roleInWords(given.role) })
    };
  },

  suspend: async ({ locals, params, request }) => {
    const by = asked(locals, params.id);
    const values: Typed = { ...typed(await request.formData()), form: 'suspend' };
    orError(await locals.app.users.get(by, params.id));
    if (values['sure'] !== 'yes') return failForm(unsure(), values, LABELS);
    const done = await locals.app.users.suspend(by, params.id);
    if (isRefusal(done)) return failForm(done, values, LABELS);
    return { done: m.cannot_sign_in({ name: done.name }) };
  },

  restore: async ({ locals, params }) => {
    const by = asked(locals, params.id);
    const done = await locals.app.users.restore(by, params.id);
    if (isRefusal(done)) return failForm(done, {}, LABELS);
    return { done: m.can_sign_in({ name: done.name }) };
  }
};
