import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { compilePlan } from '../../src/lib/domain/plan-draft/compile.ts';
import { draftFrom } from '../../src/lib/domain/plan-draft/from-plan.ts';
import type { PlanDraft } from '../../src/lib/domain/plan-draft/draft.ts';
import type { Plan } from '../../src/lib/domain/plan.ts';
import { isRefusal } from '../../src/lib/domain/refusal.ts';
import { SeatState, seatState } from '../../src/lib/domain/seat-map.ts';
import { createPlanChange, type PlanChange } from '../../server/catalog/plan-change.ts';
import { insertPlan } from '../../server/catalog/plans.ts';
import type { Live } from '../../server/live/live.ts';
import { newId } from '../../server/ids.ts';
import { createClaimLate } from '../../server/booking/late-seats.ts';
import { settlePayment } from '../../server/booking/settle.ts';
import { queueForCap } from '../../server/booking/transactions.ts';
import { codeOf, makeBuyer, must, openHouse, until, type House } from './house.ts';
import { bookInPostgres, makeShow, plainPlan, type MadeShow } from './shows.ts';
import { makeConfig } from './stack.ts';

/** A show moves to another version of its seating plan while it is sold. */
let house: House;
let desk: PlanChange;
const told: string[] = [];

beforeAll(async () => {
  house = await openHouse(await makeConfig());
  const live = { showChanged: (show: string) => told.push(show) } as unknown as Live;
  desk = createPlanChange({ db: house.db, seats: house.seats, live });
  await house.jobs.start();
});
afterAll(() => house.close());

const admin = (show: MadeShow) => ({ user: show.organizerId, owner: null });

/** The next published version of the show's plan, with what `change` did to its draft. */
async function version(
  show: MadeShow,
  of: Plan,
  change: (draft: PlanDraft) => void
): Promise<{ id: string; plan: Plan }> {
  const draft = structuredClone(draftFrom(of));
  change(draft);
  const [id, plan] = [newId(), compilePlan(draft)];
  await house.db.transaction(async (sql) => {
    const old = await sql.query<{ venue_id: string; series: string }>(
      'select venue_id, series from seating_plan where id = $1',
      [show.planId]
    );
    const [row] = old.rows;
    await insertPlan(sql, { id, organizerId: show.organizerId, venueId: row?.venue_id ?? '' }, plan);
    await sql.query(
      `update seating_plan set series = $2,
              number = (select max(number) + 1 from seating_plan where series = $2) where id = $1`,
      [id, row?.series]
    );
  });
  return { id, plan };
}

const reversed = ({ rows }: PlanDraft) => rows.forEach((row) => row.seats.reverse());

async function bookedIds(show: MadeShow): Promise<{ booking: string; id: string }[]> {
  const { rows } = await house.db.query<{ booking_id: string; plan_id: string; seat_index: number; label: string }>(
    `select bs.booking_id, bs.plan_id, bs.seat_index, p.label
       from booking_seat bs join plan_seat p on p.plan_id = bs.plan_id and p.seat_index = bs.seat_index
      where bs.show_id = $1 and bs.live order by bs.seat_index`,
    [show.id]
  );
  const plans = new Map<string, Plan>();
  for (const { plan_id } of rows) {
    if (plans.has(plan_id)) continue;
    const found = await house.db.query<{ geometry: Plan }>('select geometry from seating_plan where id = $1', [
      plan_id
    ]);
    if (found.rows[0]) plans.set(plan_id, found.rows[0].geometry);
  }
  return rows.map(({ booking_id, plan_id, seat_index }) => ({
    booking: booking_id,
    id: plans.get(plan_id)?.seats[seat_index]?.id ?? '?'
  }));
}

describe('a show with bookings', () => {
  it('keeps every booked seat and its ticket, wherever it is in the new version', async () => {
    const plan = plainPlan(12, 4);
    const show = await makeShow(house.db, plan);
    const { bookingId } = await bookInPostgres(house.db, show, [0, 1, 5]);
    await house.db.query(
      `insert into ticket (id, booking_id, show_id, seat_index)
       select gen_random_uuid(), booking_id, show_id, seat_index from booking_seat where booking_id = $1`,
      [bookingId]
    );
    await house.db.query('insert into seat_block (show_id, plan_id, seat_index) values ($1, $2, 3), ($1, $2, 11)', [
      ...[show.id, show.planId]
    ]);
    const next = await version(show, plan, (draft) => {
      reversed(draft);
      draft.rows[2]?.seats.shift();
    });
    const shown = must(await desk.planChange(admin(show), show.id, next.id));
    expect(shown).toMatchObject({ kept: [], lost: ['Stalls, row C, seat 4'], newTiers: [] });
    expect(shown.difference.removed).toMatchObject({ places: 1, list: [{ id: '11' }] });
    must(await desk.changePlan(admin(show), show.id, next.id));
    expect((await bookedIds(show)).map(({ id }) => id).sort()).toEqual(['0', '1', '5']);
    const tickets = await house.db.query<{ seat_index: number }>(
      'select seat_index from ticket where booking_id = $1 order by seat_index',
      [bookingId]
    );
    expect(tickets.rows.map(({ seat_index }) => next.plan.seats[seat_index]?.id).sort()).toEqual(['0', '1', '5']);
    const { map, capacity } = must(await house.seats.snapshot(show.id));
    expect(capacity).toBe(11);
    const states = next.plan.seats.map(({ index }) => seatState(map, index));
    expect(
      next.plan.seats
        .filter((_, n) => states[n] === SeatState.booked)
        .map(({ id }) => id)
        .sort()
    ).toEqual(['0', '1', '5']);
    expect(next.plan.seats.filter((_, n) => states[n] === SeatState.blocked).map(({ id }) => id)).toEqual(['3']);
    expect(told).toContain(show.id);
  });

  it('is not moved where a booked seat, or one being paid for, would be lost or renamed', async () => {
    const plan = plainPlan(12, 4);
    const show = await makeShow(house.db, plan);
    await bookInPostgres(house.db, show, [0], 'PENDING');
    const gone = await version(show, plan, ({ rows }) => rows[0]?.seats.shift());
    const renamed = await version(show, plan, ({ rows }) => Object.assign(rows[0] ?? {}, { label: 'Z' }));
    for (const { id } of [gone, renamed]) {
      const refused = await desk.changePlan(admin(show), show.id, id);
      expect(refused).toMatchObject({ code: 'HAS_BOOKINGS', details: { seats: ['Stalls, row A, seat 1'] } });
    }
    expect(must(await desk.planChange(admin(show), show.id, gone.id)).lost).toEqual(['Stalls, row A, seat 1']);
    const other = await makeShow(house.db, plan);
    expect(codeOf(await desk.changePlan(admin(show), show.id, other.planId))).toBe('INVALID');
  });

  it('asks for prices of new tiers', async () => {
    const plan = plainPlan(8, 4);
    const show = await makeShow(house.db, plan);
    const next = await version(show, plan, (draft) => {
      draft.tiers.push({ id: 'box', name: 'Box', ordinal: 2 });
      if (draft.rows[0]?.seats[0]) draft.rows[0].seats[0].tier = 'box';
    });
    expect(await desk.changePlan(admin(show), show.id, next.id)).toMatchObject({
      code: 'INVALID',
      details: { errors: [{ path: 'prices.box', message: 'is missing' }] }
    });
    const moved = must(await desk.changePlan(admin(show), show.id, next.id, { box: 9900 }));
    expect(moved.tiers.map(({ tier, price }) => [tier, price])).toEqual([
      ['standard', 2500],
      ['box', 9900]
    ]);
  });

  it('leaves a cancelled booking in the version it was sold in when its seat is gone', async () => {
    const plan = plainPlan(8, 4);
    const show = await makeShow(house.db, plan);
    const { bookingId } = await bookInPostgres(house.db, show, [0, 1], 'PENDING');
    await house.db.query(`update booking set status = 'EXPIRED' where id = $1`, [bookingId]);
    await house.db.query('update booking_seat set live = false where booking_id = $1', [bookingId]);
    const next = await version(show, plan, ({ rows }) => rows[0]?.seats.shift());
    must(await desk.changePlan(admin(show), show.id, next.id));
    const { rows } = await house.db.query('select distinct plan_id from booking_seat where booking_id = $1', [
      bookingId
    ]);
    expect(rows).toEqual([{ plan_id: show.planId }]);
  });

  it('a hold made on the old plan is lost, and cannot be checked out', async () => {
    const plan = plainPlan(8, 4);
    const show = await makeShow(house.db, plan);
    const buyer = await makeBuyer(house.db);
    const hold = must(await house.seats.hold(show.id, buyer.buyer, [0], 'r', show.planId));
    const next = await version(show, plan, reversed);
    must(await desk.changePlan(admin(show), show.id, next.id));
    expect(codeOf(await house.booking.checkout(buyer, { holdId: hold.id }, 'key'))).toBe('HOLD_EXPIRED');
    expect(codeOf(await house.seats.hold(show.id, buyer.buyer, [0], 'r2', show.planId))).toBe('CHANGED_MEANWHILE');
    expect(codeOf(await house.seats.hold(show.id, buyer.buyer, [0], 'r3', next.id))).toBe('OK');
  });
});

describe('a change of plan in the middle of a sale', () => {
  /** What waits for a lock now, by the beginning of its statement. */
  const waiting = async () => {
    const { rows } = await house.db.query<{ query: string }>(
      `select query from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'
          and query not like '%outbox%' order by query_start`
    );
    return rows.map(({ query }) => query);
  };

  it('comes after those who are paying, and before those who come later', async () => {
    const plan = plainPlan(8, 4);
    const show = await makeShow(house.db, plan);
    const next = await version(show, plan, reversed);
    const buyer = await makeBuyer(house.db);
    const hold = must(await house.seats.hold(show.id, buyer.buyer, [0], 'r', show.planId));
    const first = await house.db.pool.connect();
    try {
      await first.query('begin');
      await queueForCap(first, (await makeBuyer(house.db)).user.id, show.id);
      await first.query('select 1 from show where id = $1 for share', [show.id]);
      const changing = desk.changePlan(admin(show), show.id, next.id);
      await until('the change waits', async () => (await waiting()).length === 1);
      const buying = house.booking.checkout(buyer, { holdId: hold.id }, 'key');
      await until('the checkout waits behind it', async () => (await waiting()).length === 2);
      await first.query('commit');
      expect([codeOf(await changing), codeOf(await buying)]).toEqual(['OK', 'HOLD_EXPIRED']);
    } finally {
      first.release();
    }
  });

  it('waits for a booking that is being given back before it touches any seat', async () => {
    const plan = plainPlan(8, 4);
    const show = await makeShow(house.db, plan);
    const { bookingId } = await bookInPostgres(house.db, show, [0, 1]);
    const next = await version(show, plan, reversed);
    const first = await house.db.pool.connect();
    try {
      await first.query('begin');
      await first.query('select 1 from booking where id = $1 for update', [bookingId]);
      await first.query('update booking_seat set live = false where booking_id = $1 and seat_index = 1', [bookingId]);
      const changing = desk.changePlan(admin(show), show.id, next.id);
      const [query] = await until('the change waits', async () => {
        const all = await waiting();
        return all.length > 0 && all;
      });
      expect(query).toContain('from booking where show_id');
      await first.query('update ticket set void_at = now() where booking_id = $1', [bookingId]);
      await first.query('commit');
      expect(codeOf(await changing)).toBe('OK');
    } finally {
      first.release();
    }
  });
});

it('buyers hold and book while the plan is changed back and forth: each has the seats they clicked', async () => {
  const plan = plainPlan(60, 10);
  const show = await makeShow(house.db, plan);
  const next = await version(show, plan, (draft) => {
    reversed(draft);
    draft.rows.reverse();
  });
  const versions = [{ id: show.planId, plan }, next];
  const clicked = new Map<string, string[]>();
  const tally = { booked: 0, refused: 0, moved: 0 };
  let selling = true;
  async function buy() {
    while (selling) {
      const buyer = await makeBuyer(house.db);
      const { rows } = await house.db.query<{ plan_id: string }>('select plan_id from show where id = $1', [show.id]);
      const seen = versions.find(({ id }) => id === rows[0]?.plan_id);
      const seats = seen?.plan.seats.slice(Math.floor(Math.random() * 59)).slice(0, 2) ?? [];
      const asked = seats.map(({ index }) => index);
      const hold = await house.seats.hold(show.id, buyer.buyer, asked, newId(), seen?.id ?? '');
      if (isRefusal(hold)) {
        tally.refused++;
        continue;
      }
      // Some think for a moment before they pay.
      await new Promise((resolve) => setTimeout(resolve, Math.random() * 40));
      const made = await house.booking.checkout(buyer, { holdId: hold.id }, newId());
      if (isRefusal(made)) {
        expect(['HOLD_EXPIRED', 'NOT_FOUND', 'BUSY', 'SEAT_TAKEN']).toContain(made.code);
        tally.refused++;
        continue;
      }
      tally.booked++;
      clicked.set(made.booking.id, seats.map(({ id }) => id).sort());
      if (Math.random() < 0.5) {
        await house.db.transaction((sql) =>
          settlePayment(sql, made.payment.id, 'succeeded', createClaimLate(house.seats))
        );
      }
    }
  }
  const buyers = Array.from({ length: 8 }, buy);
  // Until there was enough of both: a busy machine takes longer.
  const end = Date.now() + 30_000;
  for (let n = 0; Date.now() < end && tally.booked < 28 && (tally.moved < 6 || tally.booked < 6); n++) {
    const moved = await desk.changePlan(admin(show), show.id, versions[(n + 1) % 2]?.id ?? '');
    expect(codeOf(moved)).toBe('OK');
    tally.moved++;
    await new Promise((resolve) => setTimeout(resolve, Math.random() * 120));
  }
  selling = false;
  await Promise.all(buyers);
  console.log(tally);
  expect(tally.moved).toBeGreaterThan(3);
  expect(tally.booked).toBeGreaterThan(4);

  const byBooking = new Map<string, string[]>();
  const booked = await bookedIds(show);
  for (const { booking, id } of booked) byBooking.set(booking, [...(byBooking.get(booking) ?? []), id].sort());
  expect(byBooking).toEqual(clicked);
  expect(new Set(booked.map(({ id }) => id)).size).toBe(booked.length);
  const strays = await house.db.query(
    `select 1 from ticket t where t.show_id = $1 and not exists (
       select 1 from booking_seat b where b.booking_id = t.booking_id and b.seat_index = t.seat_index)`,
    [show.id]
  );
  expect(strays.rowCount).toBe(0);

  // Redis says of every seat what Postgres says, once the last open holds are given back.
  must(await house.seats.mend(show.id, [...Array(60).keys()]));
  const { map } = must(await house.seats.snapshot(show.id));
  const truth = await house.db.query<{ seat_index: number; status: string }>(
    `select bs.seat_index, b.status from booking_seat bs join booking b on b.id = bs.booking_id
      where bs.show_id = $1 and bs.live`,
    [show.id]
  );
  for (const { seat_index, status } of truth.rows) {
    expect(seatState(map, seat_index)).toBe(status === 'PENDING' ? SeatState.held : SeatState.booked);
  }
}, 90_000);
