import type { Holder, LiveHold, LiveHoldsQuery } from '#domain/control.ts';
import type { BuyerId, ShowId } from '#domain/ids.ts';
import type { SeatName } from '#domain/plan.ts';
import { isRefusal, type Refusal } from '#domain/refusal.ts';
import type { SeatIndex } from '#domain/seat-map.ts';
import type { Config } from '../config.ts';
import type { Sql } from '../db/database.ts';
import type { OpenHold, Seats } from '../seats/seats.ts';

/** Open holds with the names of people and seats. */

/** A search reads so many holds at most, and goes on from there at the next page: no show can make it endless. */
const READ_AT_MOST = 1000;
const PER_READ = 100;
const CODE_LENGTH = 4;
/** Whose the seats are that were set aside (scripts/includes/change.lua). */
const WAITING_LIST = 'h_waiting';

export interface HoldParts {
  db: Sql;
  seats: Seats;
  config: Config;
  seatNames: (planId: string, seats: readonly SeatIndex[]) => Promise<Map<SeatIndex, SeatName>>;
}

/** Who these buyers are. Guests have no names: the end of their id tells them apart. */
async function readHolders(db: Sql, buyers: readonly BuyerId[]): Promise<Map<BuyerId, Holder>> {
  const users = buyers.filter((buyer) => buyer.startsWith('u_')).map((buyer) => buyer.slice(2));
  const { rows } = await db.query<{ id: string; name: string; email: string }>(
    'select id, name, email from app_user where id = any($1::uuid[])',
    [users]
  );
  const known = new Map<BuyerId, Holder>(rows.map(({ id, name, email }) => [`u_${id}`, { name, email }]));
  known.set(WAITING_LIST, { name: 'the waiting list', email: null });
  const guest = (buyer: BuyerId) => ({ name: `guest ${buyer.slice(-CODE_LENGTH)}`, email: null });
  return new Map(buyers.map((buyer) => [buyer, known.get(buyer) ?? guest(buyer)]));
}

export async function withNames(
  { db, config, seatNames }: HoldParts,
  planId: string,
  holds: readonly OpenHold[]
): Promise<LiveHold[]> {
  const [holders, names] = await Promise.all([
    readHolders(db, [...new Set(holds.map(({ buyer }) => buyer))]),
    seatNames(planId, [...new Set(holds.flatMap(({ seats }) => seats))])
  ]);
  return holds.map((hold) => ({
    id: hold.id,
    buyer: holders.get(hold.buyer) ?? { name: 'guest', email: null },
    seats: hold.seats.map((index) => {
      const name = names.get(index);
      return { index, label: name?.label ?? `Seat ${index}`, short: name?.short ?? String(index) };
    }),
    // The hard limit counts from the first seat; a lease that was rebuilt has no other limit than its deadline.
    since: hold.hardLimit === hold.deadline ? null : new Date(hold.hardLimit - config.holdLimitMs).toISOString(),
    deadline: new Date(hold.deadline).toISOString(),
    phase: hold.phase
  }));
}

const fits = ({ buyer, seats }: LiveHold, q: string) =>
  [buyer.name, buyer.email ?? '', ...seats.flatMap(({ label, short }) => [label, short])].some((text) =>
    text.toLowerCase().includes(q)
  );

/** Those that end first come first. `q` looks in names, e-mail addresses and seats. */
export async function readHolds(
  parts: HoldParts,
  show: { id: ShowId; planId: string },
  { limit, cursor, q = '' }: LiveHoldsQuery
): Promise<{ items: LiveHold[]; next: string | null } | Refusal> {
  const wanted = q.toLowerCase();
  const items: LiveHold[] = [];
  let next: string | null = cursor ?? '';
  for (let read = 0; next !== null && items.length < limit && read < READ_AT_MOST; read += PER_READ) {
    // A search may find more in one read than the page has room for: then the next page begins there again.
    const many = wanted === '' ? limit : Math.min(PER_READ, limit - items.length);
    const page = await parts.seats.openHolds(show.id, many, next);
    if (isRefusal(page)) return page;
    items.push(...(await withNames(parts, show.planId, page.items)).filter((hold) => fits(hold, wanted)));
    next = page.next;
  }
  return { items, next };
}
