import * as m from '#domain/messages/compiled/desk_plans.js';
import { fail } from '@sveltejs/kit';
import { z } from 'zod';
import { catalogId } from '#domain/ids.ts';
import { isRefusal, refuse, type Refusal } from '#domain/refusal.ts';
import { readPlace } from '$lib/desk/places.ts';
import { manager } from '$lib/server/desk.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals }) => {
  const by = manager(locals);
  const { planFiles } = locals.app.desk;
  const [venues, plans] = await Promise.all([planFiles.venues(by), planFiles.plans(by)]);
  return { venues, plans };
};

const listed = z.array(z.object({ path: z.string(), message: z.string() }));

/** The errors of a file, in its order: failWith keeps one a field, and a file may have a hundred. */
function failed(refusal: Refusal, place: string) {
  const errors = listed.safeParse(refusal.details['errors']).data ?? [];
  return fail(refusal.httpStatus, { message: refusal.message, errors, place, plan: null, repairs: [] });
}

const bytesOf = async (file: FormDataEntryValue | null) =>
  file instanceof File && file.size > 0 ? new Uint8Array(await file.arrayBuffer()) : null;

export const actions: Actions = {
  default: async ({ locals, request }) => {
    const by = manager(locals);
    const form = await request.formData();
    const place = String(form.get('venue') ?? '');
    const { venueId, room } = readPlace(place);
    const [file, supplement] = [await bytesOf(form.get('plan')), await bytesOf(form.get(m.supplement()))];
    if (!catalogId.safeParse(venueId).success) return failed(refuse('INVALID', m.choose_venue()), place);
    if (!file) return failed(refuse('INVALID', m.choose_file()), place);
    const publish = form.get('publish') === 'yes';
    const imported = await locals.app.desk.planFiles.import(by, { venueId, room, file, supplement, publish });
    if (isRefusal(imported)) return failed(imported, place);
    return { ...imported, message: null, errors: [], place };
  }
};
