import { redirect, type RequestEvent } from '@sveltejs/kit';
import type { z } from 'zod';
import { moveQuoteBody, ownMoveBody } from '#domain/move.ts';
import { nameSeats } from '#domain/plan.ts';
import { isRefusal, type Refusal } from '#domain/refusal.ts';
import { orError } from '$lib/components/or-error.ts';
import type { User } from '../../../server/accounts/accounts.ts';
import { insteadOf, notMoved, otherNumber } from './move-actions.ts';
import { nothingChosen, seatsIn } from './named-seats.ts';
import { typed } from './small-forms.ts';

type OfBooking = RequestEvent<{ id: string }>;

/** The actions behind ChangeSeats and WaitingMove, for the page of the user's own booking. */
function signedIn({ locals, params }: OfBooking): User {
  const { user } = locals.identity;
  if (!user) redirect(303, `/sign-in?next=${encodeURIComponent(`/bookings/${params.id}`)}`);
  return user;
}

const indexes = (list: FormDataEntryValue | null) => String(list ?? '').split(',').filter(Boolean).map(Number); // prettier-ignore

/** What the chosen seats, or the best of a tier, would come to. */
export async function quoteChange(event: OfBooking) {
  const { locals, params } = event;
  const user = signedIn(event);
  const { booking } = orError(await locals.app.booking.view(params.id, user.id));
  const form = await event.request.formData();
  const from = form.getAll('seat').map(Number);
  const values = { ...typed(form), from: from.join(',') };
  const not = async (refusal: Refusal | z.ZodError) =>
    notMoved(refusal, values, isRefusal(refusal) ? await insteadOf(locals, booking.showId, refusal) : undefined);

  const tier = String(form.get('tier') ?? '');
  const to = tier === '' ? await seatsIn(locals, booking.showId, values) : undefined;
  if (isRefusal(to)) return not(to);
  if (to?.length === 0 || from.length === 0) return not(nothingChosen());
  if (to && from.length !== to.length) return not(otherNumber(from.length, to.length));
  const body = moveQuoteBody.safeParse({ from, ...(to ? { to } : { tier }) });
  if (!body.success) return not(body.error);
  const quote = await locals.app.booking.quoteMove(user.id, params.id, body.data);
  if (isRefusal(quote)) return not(quote);
  const detail = await locals.app.catalog.show(booking.showId);
  const plan = detail && (await locals.app.catalog.plan(detail.planId));
  const names = plan ? nameSeats(plan) : [];
  const named = (seats: readonly number[]) => seats.map((seat) => names[seat]?.label ?? '').join('; ');
  return { quote: { ...quote, fromNames: named(quote.from), toNames: named(quote.to) } };
}

/** Confirmed: changed at once, or on to the payment of the difference. */
export async function changeSeats(event: OfBooking) {
  const { locals, params } = event;
  const user = signedIn(event);
  const { booking } = orError(await locals.app.booking.view(params.id, user.id));
  const form = await event.request.formData();
  const values = typed(form);
  const body = ownMoveBody.safeParse({
    ...{ from: indexes(form.get('from')), to: indexes(form.get('to')) },
    expectedDifference: Number(form.get('difference'))
  });
  if (!body.success) return notMoved(body.error, values);
  const done = await locals.app.booking.moveOwn(user.id, params.id, body.data, String(form.get('key') ?? ''));
  if (isRefusal(done)) return notMoved(done, values, await insteadOf(locals, booking.showId, done));
  redirect(303, done.move?.payment.redirectUrl ?? `/bookings/${params.id}`);
}

export async function giveUpChange(event: OfBooking) {
  const user = signedIn(event);
  orError(await event.locals.app.booking.giveUpMove(user.id, event.params.id));
  redirect(303, `/bookings/${event.params.id}`);
}
