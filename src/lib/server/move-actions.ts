import { seatInWords } from '#domain/seat-words.ts';
import * as m from '#domain/messages/compiled/refusals_sale.js';
import { error, fail, type RequestEvent } from '@sveltejs/kit';
import { z } from 'zod';
import { moveBody } from '#domain/move.ts';
import { formatMoney } from '#domain/money.ts';
import { nameSeats } from '#domain/plan.ts';
import { isRefusal, refuse, type Refusal } from '#domain/refusal.ts';
import { manager } from './desk.ts';
import { failWith } from './form.ts';
import { nothingChosen, seatsIn } from './named-seats.ts';
import { typed } from './small-forms.ts';

type OfBooking = RequestEvent<{ id: string }>;
const offered = z.object({ alternatives: z.array(z.array(z.number())) });

/** The action behind MoveForm, for the page of one booking: `actions = { move: moveBooking }`. */
export async function moveBooking({ locals, params, request }: OfBooking) {
  const by = manager(locals);
  const { app } = locals;
  const form = await request.formData();
  const values = { ...typed(form), from: form.getAll('seat').map(String).join(',') };
  const booking = await app.reports.booking(by, params.id);
  // Whose booking it is comes before what is wrong with the form.
  if (isRefusal(booking)) error(404, booking.message);

  const to = await seatsIn(locals, booking.show.id, values);
  if (isRefusal(to)) return notMoved(to, values);
  if (to.length === 0) return notMoved(nothingChosen(), values);
  const from = form.getAll('seat').map(Number);
  if (from.length !== to.length) return notMoved(otherNumber(from.length, to.length), values);
  const dearer = form.get('dearer');
  const body = moveBody.safeParse({ from, to, waive: dearer === 'waive', collect: dearer === 'collect' });
  if (!body.success) return notMoved(body.error, values);
  const done = await app.booking.move(by, params.id, body.data, String(form.get('key') ?? ''));
  if (isRefusal(done)) return notMoved(done, values, await insteadOf(locals, booking.show.id, done));
  const { difference, waived, refund, move } = done;
  const money = (amount: number) => formatMoney({ amount, currency: done.booking.currency });
  if (move)
    return {
      done: m.offered({ sum: money(difference) })
    };
  const words = refund
    ? ` ${m.moved_back({ sum: money(-difference) })}`
    : waived > 0
      ? ` ${m.moved_waived({ sum: money(waived) })}`
      : '';
  return { done: `${m.moved()}${words}` };
}

/** What the form shows again; `free`: seats close to those that are gone. */
export function notMoved(refusal: Refusal | z.ZodError, values: Record<string, string>, instead?: string) {
  const { status, data } = failWith(refusal, values);
  return fail(status, { ...data, of: 'move' as const, free: instead ?? null });
}

export const otherNumber = (from: number, to: number) => {
  const words = m.you_move_and_named({ from: m.seats({ count: from }), to: m.seats({ count: to }) });
  return refuse('INVALID', words, {
    errors: [{ path: 'named', message: m.must_be_as_many_as_moved() }]
  });
};

/** What comes closest to seats that are gone, by name. */
export async function insteadOf(locals: App.Locals, show: string, refusal: Refusal): Promise<string | undefined> {
  const found = offered.safeParse(refusal.details);
  const [first] = found.data?.alternatives ?? [];
  const detail = first && (await locals.app.catalog.show(show));
  const plan = detail && (await locals.app.catalog.plan(detail.planId));
  if (!first || !plan) return undefined;
  const names = nameSeats(plan);
  return first.map((seat) => seatInWords(names[seat]?.label ?? '')).join('; ');
}
