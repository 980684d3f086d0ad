import * as m from '#domain/messages/compiled/control.js';
import { error, fail } from '@sveltejs/kit';
import { blockBody, liveHoldsQuery, unblockBody } from '#domain/control.ts';
import { holdId } from '#domain/ids.ts';
import { broadcastBody, saleState } from '#domain/protocol.ts';
import { cancelShowBody } from '#domain/refunds.ts';
import { isRefusal, refuse } from '#domain/refusal.ts';
import { seatsNamed } from '#domain/seats-named.ts';
import { fairness } from '#domain/waiting-room.ts';
import { orError } from '$lib/components/or-error.ts';
import { showForm, showValues } from '$lib/desk/show-form.ts';
import { check } from '#domain/messages/compiled/forms.js';
import { nothingChosen, seatsIn } from '$lib/server/named-seats.ts';
import { failForm, typed, versionIn } from '$lib/server/small-forms.ts';
import { managing } from '$lib/server/desk';
import type { Mended } from '../../../../../../server/reconcile/reconcile.ts';
import type { Actions, PageServerLoad } from './$types';

function mendedInWords({ seats, holds, sums, anew }: Mended): string {
  if (anew) return m.done_anew();
  const parts = [
    ...(seats > 0 ? [m.mended_seats({ count: seats })] : []),
    ...(holds > 0 ? [m.mended_holds({ count: holds })] : []),
    ...(sums > 0 ? [m.mended_sums({ count: sums })] : [])
  ];
  return parts.length === 0 ? m.done_nothing_wrong() : m.done_put_right({ what: parts.join(', ') });
}

/** The forms of the control room. Each answer says which one it belongs to. */
type Form = 'sale' | 'room' | 'notice' | 'block' | 'holds' | 'terms' | 'compare' | 'cancel';
const done = (of: Form, words: string) => ({ of, done: words });
function not(of: Form, failure: ReturnType<typeof failForm>, more: { held?: boolean } = {}) {
  return fail(failure.status, { ...failure.data, ...more, of });
}

export const load: PageServerLoad = async ({ locals, params, url }) => {
  const by = managing(locals, params.id);
  const { catalog, control, desk } = locals.app;
  const own = orError(await desk.shows.get(by, params.id));
  const show = await catalog.show(params.id);
  const plan = show && (await catalog.plan(show.planId));
  if (!show || !plan) error(404, 'There is no such show.');
  const query = liveHoldsQuery.safeParse({ q: url.searchParams.get('q') ?? '' });
  const holds = await control.holds(by, params.id, query.data ?? { limit: 20 });
  const sought = url.searchParams.get('seat') ?? '';
  const found = sought === '' ? null : seatsNamed(plan, sought);
  const [first] = found?.seats ?? [];
  const facts = first === undefined ? null : await control.seat(by, params.id, first);
  return {
    show,
    // An admin's to decide, and only before the sale begins.
    mayRehearse: by.owner === null && (await locals.app.rehearsals.obstacle(by, params.id)) === null,
    ...{ values: showValues(own), version: own.version, q: query.data?.q ?? '', sought },
    found: found?.seats ?? [],
    facts: isRefusal(facts) ? null : facts,
    room: await roomOf(locals.app, show.waitingRoom, params.id),
    roomPerMinute: own.roomPerMinute ?? 0,
    waiting: await locals.app.waiting.counts(params.id),
    cancellation: await locals.app.booking.cancellation(by, params.id),
    holds: isRefusal(holds) ? { items: [], next: null } : holds,
    serverTime: Date.now()
  };
};

async function roomOf(app: App.Locals['app'], has: boolean, show: string) {
  const room = has ? await app.waitingRoom.state(show) : null;
  return isRefusal(room) ? null : room;
}

const DONE = { open: m.done_sale_open, paused: m.done_sale_paused, closed: m.done_sale_closed };

export const actions: Actions = {
  sale: async ({ locals, params, request }) => {
    const by = managing(locals, params.id);
    const sale = saleState.safeParse((await request.formData()).get('sale'));
    if (!sale.success) return not('sale', failForm(refuse('INVALID', m.no_such_state()), {}, {}));
    const changed = await locals.app.control.setSale(by, params.id, sale.data);
    if (isRefusal(changed)) return not('sale', failForm(changed, {}, {}));
    return done('sale', DONE[sale.data]());
  },

  room: async ({ locals, params, request }) => {
    const by = managing(locals, params.id);
    const own = orError(await locals.app.desk.shows.get(by, params.id));
    const values = typed(await request.formData());
    if (values['do'] === 'rate') {
      const rate = fairness.roomPerMinute.unwrap().safeParse(Number(values['roomPerMinute']));
      if (!rate.success) return not('room', failForm(rate.error, values, {}));
      const { version } = own;
      const saved = await locals.app.desk.shows.update(by, params.id, { roomPerMinute: rate.data, version });
      if (isRefusal(saved)) return not('room', failForm(saved, values, {}));
      return done('room', m.done_rate({ count: rate.data }));
    }
    const room = await locals.app.waitingRoom.pause(by, params.id, values['do'] === 'pause');
    if (isRefusal(room)) return not('room', failForm(room, values, {}));
    return done('room', room.paused ? m.done_room_paused() : m.done_room_open());
  },

  compare: async ({ locals, params }) => {
    const by = managing(locals, params.id);
    orError(await locals.app.desk.shows.get(by, params.id));
    const mended = await locals.app.reconciler.show(params.id);
    if (isRefusal(mended)) return not('compare', failForm(mended, {}, {}));
    return done('compare', mendedInWords(mended));
  },

  notice: async ({ locals, params, request }) => {
    const by = managing(locals, params.id);
    orError(await locals.app.desk.shows.get(by, params.id));
    const values = typed(await request.formData());
    const parsed = broadcastBody.safeParse({ text: values['text'] ?? '', level: values['level'] ?? 'info' });
    if (!parsed.success) return not('notice', failForm(parsed.error, values, {}));
    const sent = await locals.app.control.notice(by, params.id, parsed.data);
    if (isRefusal(sent)) return not('notice', failForm(sent, values, {}));
    return done('notice', m.done_notice({ count: sent.delivered }));
  },

  block: async ({ locals, params, request }) => {
    const by = managing(locals, params.id);
    orError(await locals.app.desk.shows.get(by, params.id));
    const values = typed(await request.formData());
    const seats = await seatsIn(locals, params.id, values);
    if (isRefusal(seats)) return not('block', failForm(seats, values, {}));
    if (seats.length === 0) return not('block', failForm(nothingChosen(), values, {}));
    const evenIfHeld = values['evenIfHeld'] === 'on';
    const parsed = blockBody.safeParse({ seats, reason: values['reason'] ?? '', evenIfHeld });
    if (!parsed.success) return not('block', failForm(parsed.error, values, {}));
    const blocked = await locals.app.control.block(by, params.id, parsed.data);
    if (isRefusal(blocked))
      return not('block', failForm(blocked, values, {}), { held: blocked.details['held'] === true });
    return done('block', m.done_blocked({ count: blocked.blocked }));
  },

  unblock: async ({ locals, params, request }) => {
    const by = managing(locals, params.id);
    orError(await locals.app.desk.shows.get(by, params.id));
    const values = typed(await request.formData());
    const seats = await seatsIn(locals, params.id, values);
    if (isRefusal(seats)) return not('block', failForm(seats, values, {}));
    const parsed = unblockBody.safeParse({ seats });
    if (!parsed.success) return not('block', failForm(nothingChosen(), values, {}));
    const back = await locals.app.control.unblock(by, params.id, parsed.data.seats);
    if (isRefusal(back)) return not('block', failForm(back, values, {}));
    if (back.unblocked === 0) return done('block', m.done_none_blocked());
    return done('block', m.done_unblocked({ count: back.unblocked }));
  },

  release: async ({ locals, params, request }) => {
    const by = managing(locals, params.id);
    orError(await locals.app.desk.shows.get(by, params.id));
    const hold = holdId.safeParse((await request.formData()).get('hold'));
    const over = m.done_hold_over();
    if (!hold.success) return done('holds', over);
    const released = await locals.app.control.releaseHold(by, params.id, hold.data);
    if (!isRefusal(released)) return done('holds', m.done_released());
    return released.code === 'NOT_FOUND' ? done('holds', over) : not('holds', failForm(released, {}, {}));
  },

  cancel: async ({ locals, params, request }) => {
    const by = managing(locals, params.id);
    orError(await locals.app.desk.shows.get(by, params.id));
    const values = typed(await request.formData());
    const parsed = cancelShowBody.safeParse({ reason: values['reason'] ?? '' });
    if (!parsed.success) return not('cancel', failForm(parsed.error, values, {}));
    if (values['sure'] !== 'yes') {
      const errors = [{ path: 'sure', message: 'is missing: tick the box if you are sure' }];
      return not('cancel', failForm(refuse('INVALID', m.nothing_changed(), { errors }), values, {}));
    }
    const cancelled = await locals.app.booking.cancelShow(by, params.id, parsed.data.reason);
    if (isRefusal(cancelled)) return not('cancel', failForm(cancelled, values, {}));
    return done('cancel', m.done_cancelled());
  },

  terms: async ({ locals, params, request }) => {
    const by = managing(locals, params.id);
    const { shows } = locals.app.desk;
    const values = typed(await request.formData());
    const now = orError(await shows.get(by, params.id));
    const [shown, form] = [showValues(now), showForm(now)];
    // Only the start and the prices are in this form; the rest stays as it is.
    const whole = { ...shown, ...values };
    const patch = form.body(whole);
    if (!patch) {
      const parsed = form.schema.safeParse(whole);
      return not('terms', failForm(parsed.error ?? refuse('INVALID', check()), values, form.labels));
    }
    const saved = await shows.update(by, params.id, {
      ...(patch.startsAt === undefined ? {} : { startsAt: patch.startsAt }),
      ...(patch.prices === undefined ? {} : { prices: patch.prices }),
      version: versionIn(values)
    });
    if (!isRefusal(saved)) return done('terms', m.done_terms());
    const theirs = Object.fromEntries(Object.entries(shown).filter(([name]) => name in values));
    const inForm = Object.fromEntries(Object.entries(form.labels).filter(([name]) => name in values));
    return not('terms', failForm(saved, values, inForm, { version: now.version, values: theirs }));
  }
};
