import type { HoldId, ShowId, UserId } from '#domain/ids.ts';
import { notFound } from '#domain/not-found.ts';
import { busy, type Refusal } from '#domain/refusal.ts';
import { newSeatMap, SeatState as State, setSeatState, type SeatIndex } from '#domain/seat-map.ts';
import { isUnavailable, type Database, type Sql } from '../db/database.ts';
import { newId } from '../ids.ts';
import type { Logger } from '../log.ts';
import type { Metrics } from '../metrics.ts';
import type { RedisClient } from '../redis/connections.ts';
import type { Keys } from '../redis/keys.ts';
import type { SaleTerms, SeatState, SeatTruth } from './seat-state.ts';
import { stageMap, type Lease } from './staging.ts';

/**
 * Postgres → Redis. A show's map is made from the bookings under the unique index and the blocks; pending bookings
 * come back as leases with their deadline. Holds that had not reached a booking are lost, and their holders are told.
 */
const ROWS_PER_READ = 1000;
const LOCK_MS = 30_000;
/** Bookings this young (s) when the map was read are read again afterwards: their commit may have come in between. */
const REREAD_SECONDS = 60;
const LEASE_GRACE_MS = 60_000;
/** What a hot show asks besides, as show.lua reads it; nothing when it asks for nothing. */
const FAIR = `case when s.room_per_minute is null and s.seats_per_network is null and s.cool_down_s = 0 then ''
     else concat_ws(' ', (s.room_per_minute is not null)::int, coalesce(s.seats_per_network, 0), s.cool_down_s * 1000)
      end as fair`;
const BUILDS_AT_MOST = 5;
const LEASES_PER_CALL = 50;

/** One live seat, or one that waits for a paid move: its index, whose it is, and, while it is not paid for, its hold and deadline (ms since 1970). */
type SeatRow = [seat: SeatIndex, user: UserId, hold: HoldId | null, deadline: number | null, network: string | null];

export function createRebuild(parts: {
  db: Database;
  redis: RedisClient;
  keys: Keys;
  state: SeatState;
  metrics?: Pick<Metrics, 'rebuilds' | 'rebuildSeconds'> | undefined;
  log: Logger;
}) {
  const { db, redis, keys, state, metrics, log } = parts;
  const running = new Map<ShowId, Promise<void | Refusal>>();

  /** `lock` keeps the show's plan as it is until the transaction ends. */
  async function readTerms(sql: Sql, show: ShowId, lock = '') {
    const found = await sql.query<{
      plan: string;
      capacity: number;
      sale: SaleTerms['sale'];
      cap: number;
      opens: number;
      closes: number;
      terms: number;
      fair: string;
      now: Date;
    }>(
      `select s.plan_id as plan, p.capacity, s.seats_per_buyer as cap, s.terms, now(), ${FAIR},
              case when s.cancelled_at is null then s.sale else 'cancelled' end as sale,
              (extract(epoch from s.sale_opens_at) * 1000)::bigint as opens,
              (extract(epoch from s.sale_closes_at) * 1000)::bigint as closes
         from show s join seating_plan p on p.id = s.plan_id where s.id = $1 ${lock}`,
      [show]
    );
    return found.rows[0];
  }

  /** Reads in portions, so that 100,000 rows neither fill the memory nor keep the node from other work. */
  async function readPortions<Row>(sql: Sql, select: string, each: (row: Row) => void) {
    await sql.query(`declare portion no scroll cursor for ${select}`);
    for (;;) {
      const { rows } = await sql.query({ text: `fetch ${ROWS_PER_READ} from portion`, rowMode: 'array' });
      for (const row of rows as Row[]) each(row);
      if (rows.length < ROWS_PER_READ) break;
    }
    await sql.query('close portion');
  }

  /** A cursor takes no parameters; an id of ours has no other characters. */
  const quoted = (show: ShowId) => `'${show.replaceAll(/[^0-9a-z]/g, '')}'`;

  const readSeats = (sql: Sql, show: ShowId, each: (row: SeatRow) => void) =>
    readPortions(
      sql,
      `select bs.seat_index, b.user_id, case when b.status = 'PENDING' then b.hold_id end,
              case when b.status = 'PENDING' then (extract(epoch from b.expires_at) * 1000)::bigint end,
              b.network
         from booking_seat bs join booking b on b.id = bs.booking_id
        where bs.show_id = ${quoted(show)} and bs.live
       union all
       select w.to_seat, b.user_id, m.hold_id, (extract(epoch from m.expires_at) * 1000)::bigint, b.network
         from paid_move_seat w join paid_move m on m.id = w.move_id join booking b on b.id = m.booking_id
        where w.show_id = ${quoted(show)} and w.waits and m.expires_at > now()
          and w.plan_id = (select plan_id from show where id = w.show_id)
          and not exists (select 1 from booking_seat o where o.show_id = w.show_id and o.seat_index = w.to_seat and o.live)`,
      each
    );

  const readBlocks = (sql: Sql, show: ShowId, each: (row: [SeatIndex]) => void) =>
    readPortions(
      sql,
      `select seat_index from seat_block k where show_id = ${quoted(show)}
          and not exists (select 1 from booking_seat b where b.show_id = k.show_id and b.seat_index = k.seat_index and b.live)`,
      each
    );

  async function build(show: ShowId): Promise<void | Refusal> {
    const token = newId();
    // The map stands before the lock goes: a plan that is changed meanwhile waits, and then takes this map away again.
    const loaded = await db.transaction(async (sql) => {
      const terms = await readTerms(sql, show, 'for key share of s');
      if (!terms) return null;
      const map = newSeatMap(terms.capacity);
      const leases = new Map<HoldId, Lease>();
      const taken = new Map<UserId, number>();
      let booked = 0;
      let blocked = 0;
      const networks = new Map<SeatIndex, string>();
      await readSeats(sql, show, ([seat, user, hold, deadline, network]) => {
        taken.set(user, (taken.get(user) ?? 0) + 1);
        setSeatState(map, seat, hold === null ? State.booked : State.held);
        if (hold === null) {
          booked++;
          if (network !== null) networks.set(seat, network);
          return;
        }
        const lease = leases.get(hold);
        if (lease) lease.seats.push(seat);
        else leases.set(hold, { hold, user, network, deadline: (deadline ?? 0) + LEASE_GRACE_MS, seats: [seat] });
      });
      await readBlocks(sql, show, ([seat]) => {
        setSeatState(map, seat, State.blocked);
        blocked++;
      });
      const epoch = await sql.query<{ epoch: number }>(`select nextval('seat_epoch') as epoch`);
      const made = { map, leases, taken, networks, epoch: epoch.rows[0]?.epoch ?? 0 };
      await stageMap(redis, keys, show, token, made, LOCK_MS);
      const { plan, capacity } = terms;
      const mine = await state.load(show, { epoch: made.epoch, capacity, booked, blocked, token, plan }, terms);
      await redis.sadd(keys.shows, show);
      return { mine, terms, epoch: made.epoch, booked, leases: [...leases.keys()] };
    }, 'repeatable read');
    if (!loaded) return notFound('show');
    const { mine, terms, epoch, booked, leases } = loaded;
    if (!mine) {
      // Another map stood first, and its leases carry our epoch now.
      for (let at = 0; at < leases.length; at += LEASES_PER_CALL)
        await state.restore(show, leases.slice(at, at + LEASES_PER_CALL));
      return;
    }

    const young = await db.query<{ seat_index: number }>(
      `select bs.seat_index from booking_seat bs join booking b on b.id = bs.booking_id
        where bs.show_id = $1 and greatest(b.created_at, b.confirmed_at) > $2::timestamptz - make_interval(secs => $3)
       union
       select unnest(m.from_seats || m.to_seats) from booking_move m join booking b on b.id = m.booking_id
        where b.show_id = $1 and m.at > $2::timestamptz - make_interval(secs => $3)`,
      [show, terms.now, REREAD_SECONDS]
    );
    const again = young.rows.map((row) => row.seat_index);
    for (let at = 0; at < again.length; at += 200) {
      await state.mend(show, await readTruth(show, again.slice(at, at + 200)));
    }
    log.info({ show, epoch, booked, leases: leases.length }, 'rebuilt the seat map from Postgres');
  }

  /** Again when the show's plan was changed between the snapshot and the lock. */
  async function buildOnceMore(show: ShowId): Promise<void | Refusal> {
    for (let tries = 1; ; tries++) {
      try {
        return await build(show);
      } catch (error) {
        const code = error instanceof Error && 'code' in error ? error.code : undefined;
        if ((code !== '40001' && code !== '40P01') || tries === BUILDS_AT_MOST) throw error;
      }
    }
  }

  async function readTruth(show: ShowId, seats: readonly SeatIndex[]): Promise<SeatTruth[]> {
    const { rows } = await db.query<{ seat_index: number; truth: SeatTruth[1]; hold: HoldId | null }>(
      `select w.seat_index,
              case when b.status = 'PENDING' then 'pending'
                   when b.status is not null then 'booked'
                   when k.seat_index is not null then 'blocked'
                   else 'free' end as truth,
              b.hold_id as hold
         from unnest($2::int[]) as w (seat_index)
         left join booking_seat bs on bs.show_id = $1 and bs.seat_index = w.seat_index and bs.live
         left join booking b on b.id = bs.booking_id
         left join seat_block k on k.show_id = $1 and k.seat_index = w.seat_index`,
      [show, seats]
    );
    return rows.map((row) => [row.seat_index, row.truth, row.hold ?? '']);
  }

  /** One rebuild of a show at a time here, and a lock so that other nodes wait instead of doing the same work. */
  async function rebuildOnce(show: ShowId): Promise<void | Refusal> {
    const { rebuild, meta } = keys.show(show);
    const token = newId();
    for (let waited = 0; ; waited += 50) {
      if (await redis.hexists(meta, 'ready')) return;
      if ((await redis.set(rebuild, token, 'PX', LOCK_MS, 'NX')) === 'OK') break;
      // The lock only saves work: whoever waits too long does it too, and load.lua lets one of them win.
      if (waited >= 3000) break;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    const built = metrics?.rebuildSeconds.startTimer();
    try {
      const refusal = await buildOnceMore(show);
      metrics?.rebuilds.inc();
      built?.();
      return refusal;
    } finally {
      if ((await redis.get(rebuild).catch(() => null)) === token) await redis.del(rebuild).catch(() => undefined);
    }
  }

  function show(id: ShowId): Promise<void | Refusal> {
    let work = running.get(id);
    if (!work) {
      work = rebuildOnce(id)
        .catch((error: unknown) => {
          if (!isUnavailable(error)) log.error({ err: error, show: id }, 'could not rebuild the seat map');
          return busy();
        })
        .finally(() => running.delete(id));
      running.set(id, work);
    }
    return work;
  }

  /**
   * A server that took over, or came back from its disk, may not have all that was said before: the versions that viewers
   * have would be another history's. The map then goes on under an epoch of its own, holds and all. `foreign`: an epoch
   * that was seen to go back.
   */
  async function takeover(id: ShowId, foreign?: number): Promise<void> {
    if ((await state.takeover(id, '', foreign)) === 'SAME') return;
    const { rows } = await db.query<{ epoch: number }>(`select nextval('seat_epoch') as epoch`);
    const epoch = rows[0]?.epoch ?? 0;
    if ((await state.takeover(id, epoch, foreign)) !== 'OK') return;
    log.warn({ show: id, epoch }, 'another Redis has taken over: the seat map goes on under a new epoch');
  }

  return {
    show,
    takeover,
    /** Starts a rebuild without waiting for it. */
    soon: (id: ShowId) => void show(id),
    async terms(id: ShowId): Promise<SaleTerms | Refusal> {
      try {
        return (await readTerms(db, id)) ?? notFound('show');
      } catch (error) {
        if (isUnavailable(error)) return busy();
        throw error;
      }
    },
    async truthOf(id: ShowId, seats: readonly SeatIndex[]): Promise<SeatTruth[] | Refusal> {
      try {
        return await readTruth(id, seats);
      } catch (error) {
        if (isUnavailable(error)) return busy();
        throw error;
      }
    },
    async idle() {
      await Promise.allSettled(running.values());
    }
  };
}
