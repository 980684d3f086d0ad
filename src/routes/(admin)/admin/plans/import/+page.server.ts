import { error, fail } from '@sveltejs/kit';
import { z } from 'zod';
import { catalogId } from '#domain/ids.ts';
import { isRefusal, refuse, type Refusal } from '#domain/refusal.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals, parent }) => {
  await parent();
  const { user } = locals.identity;
  if (!user) error(404, 'There is no such page.');
  const [venues, plans] = await Promise.all([locals.app.planFiles.venues(user), locals.app.planFiles.plans(user)]);
  return { venues, plans };
};

const listed = z.array(z.object({ path: z.string(), message: z.string() }));

/** The errors of a file, in its order: failWith keeps one a field, and a file may have a hundred. */
function failed(refusal: Refusal, venueId: string) {
  const errors = listed.safeParse(refusal.details['errors']).data ?? [];
  return fail(refusal.httpStatus, { message: refusal.message, errors, venueId, plan: null, repairs: [] });
}

const bytesOf = async (file: FormDataEntryValue | null) =>
  file instanceof File && file.size > 0 ? new Uint8Array(await file.arrayBuffer()) : null;

export const actions: Actions = {
  default: async ({ locals, request }) => {
    const { user } = locals.identity;
    // Actions run without the layout's check.
    if (user?.role !== 'organizer' && user?.role !== 'admin') error(404, 'There is no such page.');
    const form = await request.formData();
    const venueId = String(form.get('venue') ?? '');
    const [file, supplement] = [await bytesOf(form.get('plan')), await bytesOf(form.get('supplement'))];
    if (!catalogId.safeParse(venueId).success) return failed(refuse('INVALID', 'Please choose a venue.'), venueId);
    if (!file) return failed(refuse('INVALID', 'Please choose the file with the seating plan.'), venueId);
    const publish = form.get('publish') === 'yes';
    const imported = await locals.app.planFiles.import(user, { venueId, file, supplement, publish });
    if (isRefusal(imported)) return failed(imported, venueId);
    return { ...imported, message: null, errors: [], venueId };
  }
};
