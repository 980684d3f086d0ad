import * as m from '#domain/messages/compiled/refusals_sale.js';
import { error, type RequestEvent } from '@sveltejs/kit';
import { refundBody } from '#domain/refunds.ts';
import { isRefusal } from '#domain/refusal.ts';
import { manager } from './desk.ts';
import { failWith } from './form.ts';

/** The actions behind RefundForm, for a page of one booking: `actions = { refund: refundBooking, retryRefund }`. */
type OfBooking = RequestEvent<{ id: string }>;

export async function refundBooking({ locals, params, request }: OfBooking) {
  const by = manager(locals);
  const form = await request.formData();
  const chosen = form.getAll('seat').map(Number);
  const typed = { reason: String(form.get('reason') ?? ''), seats: chosen.join(',') };
  const body = refundBody.safeParse({ reason: typed.reason, seats: chosen });
  const done = body.success ? await locals.app.booking.refund(by, params.id, body.data) : null;
  if (isRefusal(done)) {
    if (done.code === 'NOT_FOUND') error(404, done.message);
    return failWith(done, typed);
  }
  if (!done) {
    // Whose booking it is comes before what is wrong with the form.
    if (isRefusal(await locals.app.booking.refundsOf(by, params.id))) error(404, 'There is no such booking.');
    return body.error ? failWith(body.error, typed) : error(400);
  }
  return { done: done.refund ? m.back_on_its_way() : m.back_unpaid() };
}

export async function retryRefund({ locals, params, request }: OfBooking) {
  const by = manager(locals);
  const id = String((await request.formData()).get('refund') ?? '');
  const refunds = await locals.app.booking.refundsOf(by, params.id);
  if (isRefusal(refunds) || !refunds.some((refund) => refund.id === id)) error(404, 'There is no such refund.');
  const done = await locals.app.booking.retryRefund(by, id);
  if (isRefusal(done)) return failWith(done);
  return { done: m.asked_again() };
}
