import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as pause } from 'node:timers/promises';
import type { Hold } from '#domain/protocol.ts';
import { wallClock } from '../../../server/rehearsal/buyers/frames.ts';
import { newVisitor, type Shop, type Visitor } from './buyer.ts';
import { buy } from './checkout.ts';

/** People who come for one thing, all at the same moment. */
export interface Rush {
  seats: number[];
  /** So many clients a seat. */
  perSeat: number;
  /** Whoever gets a seat books it; else it is let go of. */
  buys: boolean;
  /** Those who want the same seat come so long (ms) after each other, and keep it so long; left out, all at once. */
  apartMs?: number;
  keepMs?: number;
}

export interface Rushed {
  /** How many were told, by seat, that it is theirs. */
  winners: Record<number, number>;
  refused: number;
  unknown: number;
  /** The slowest answer (ms), and how late this process itself was at the worst while it waited. */
  slowestMs: number;
  ownDelayMs: number;
}

async function gather(shop: Shop, count: number): Promise<Visitor[]> {
  const crowd = Array.from({ length: count }, () => newVisitor(shop));
  await Promise.all(crowd.map(({ line }) => line.connected()));
  return crowd;
}

const bookFor = async (shop: Shop, { name, token }: Visitor, mine: Hold) => {
  const customer = shop.customers.pop();
  return customer ? buy(shop, customer, { name, token }, mine, 'success', false) : false;
};

export async function rush(shop: Shop, { seats, perSeat, buys, apartMs = 0, keepMs = 0 }: Rush): Promise<Rushed> {
  const crowd = await gather(shop, seats.length * perSeat);
  const result: Rushed = { winners: {}, refused: 0, unknown: 0, slowestMs: 0, ownDelayMs: 0 };
  const record: Shop['record'] = (op) => {
    shop.record(op);
    if (op.op !== 'hold') return;
    if (op.outcome === 'refused') result.refused++;
    if (op.outcome === 'unknown') result.unknown++;
    result.slowestMs = Math.max(result.slowestMs, op.done - op.at);
  };
  // Their clicks are counted here too, so they go through a scene of their own.
  const own = { ...shop, record };
  for (const visitor of crowd) visitor.line.recordTo(record);
  const delay = monitorEventLoopDelay({ resolution: 10 });
  delay.enable();
  await Promise.all(
    crowd.map(async (visitor, n) => {
      const seat = seats[n % seats.length] ?? 0;
      await pause(Math.floor(n / seats.length) * apartMs);
      const got = await visitor.line.click(visitor.name, [seat]);
      result.ownDelayMs = delay.max / 1e6;
      if (got) result.winners[seat] = (result.winners[seat] ?? 0) + 1;
      if (got) await pause(keepMs);
      if (got && !(buys && (await bookFor(own, visitor, got)))) await visitor.line.release(visitor.name, got);
    })
  );
  delay.disable();
  for (const { line } of crowd) line.close();
  return result;
}

/** At the instant a hold ends: its owner pays, and lets go, and somebody else clicks; the sweepers are at it anyway. */
export async function raceAtDeadline(shop: Shop, seats: readonly number[]): Promise<void> {
  const crowd = await gather(shop, 2 * seats.length);
  const JITTER_MS = 40;
  await Promise.all(
    seats.map(async (seat, n) => {
      const [owner, other] = [crowd[2 * n], crowd[2 * n + 1]];
      const mine = owner && (await owner.line.click(owner.name, [seat]));
      if (!mine || !other) return;
      const at = async (offset: number) => pause(Math.max(0, mine.deadline - wallClock() + offset));
      const jitter = () => (Math.random() - 0.5) * JITTER_MS;
      const buys = n % 3 !== 0;
      await Promise.all([
        at(jitter()).then(
          async () => void (buys ? await bookFor(shop, owner, mine) : await owner.line.release(owner.name, mine))
        ),
        at(jitter()).then(async () => {
          const theirs = await other.line.click(other.name, [seat]);
          if (theirs) await bookFor(shop, other, theirs);
        })
      ]);
    })
  );
  for (const { line } of crowd) line.close();
}
