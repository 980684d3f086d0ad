import * as m from '#domain/messages/compiled/desk_booking.js';
import { randomUUID } from 'node:crypto';
import { error, fail } from '@sveltejs/kit';
import { uuid } from '#domain/ids.ts';
import { isRefusal } from '#domain/refusal.ts';
import { orError } from '$lib/components/or-error.ts';
import { manager } from '$lib/server/desk';
import { moveBooking } from '$lib/server/move-actions.ts';
import { refundBooking, retryRefund } from '$lib/server/refund-actions.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals, params }) => {
  const by = manager(locals);
  if (!uuid.safeParse(params.id).success) error(404, 'There is no such page.');
  const booking = orError(await locals.app.reports.booking(by, params.id));
  const confirmed = booking.status === 'CONFIRMED';
  return {
    booking,
    refunds: orError(await locals.app.booking.refundsOf(by, params.id)),
    // A form that is sent twice moves once.
    move: confirmed ? { key: randomUUID(), show: await locals.app.catalog.show(booking.show.id) } : null
  };
};

export const actions: Actions = {
  refund: refundBooking,
  retryRefund,
  move: moveBooking,

  sendAgain: async ({ locals, params }) => {
    const done = await locals.app.booking.sendAgain(manager(locals), params.id);
    if (!isRefusal(done)) return { done: m.sent_to({ to: done.recipient }) };
    if (done.code === 'NOT_FOUND') error(404, done.message);
    return fail(done.httpStatus, { notSent: done.message });
  }
};
