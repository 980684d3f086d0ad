import { redirect } from '@sveltejs/kit';
import { isRefusal } from '#domain/refusal.ts';
import { orError } from '$lib/components/or-error.ts';
import { failWith } from '$lib/server/form';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals, params, url }) => {
  const { user } = locals.identity;
  if (!user) redirect(303, `/sign-in?next=${encodeURIComponent(url.pathname)}`);
  const { payment, booking, moveId } = orError(await locals.app.payments.sandboxView(params.paymentId, user.id));
  if (payment.status !== 'PENDING') redirect(303, `/bookings/${booking.id}`);
  return { payment, booking, move: moveId !== null };
};

export const actions: Actions = {
  default: async ({ locals, params, request, url }) => {
    const { user } = locals.identity;
    if (!user) redirect(303, `/sign-in?next=${encodeURIComponent(url.pathname)}`);
    const { payments } = locals.app;
    const { booking } = orError(await payments.sandboxView(params.paymentId, user.id));
    const outcome = (await request.formData()).get('outcome') === 'success' ? 'success' : 'decline';
    const refusal = await payments.sandboxDecide(params.paymentId, user.id, outcome);
    if (isRefusal(refusal)) return failWith(refusal);
    redirect(303, `/bookings/${booking.id}`);
  }
};
