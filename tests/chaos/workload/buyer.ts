import { setTimeout as pause } from 'node:timers/promises';
import type { Hold, SandboxOutcome } from '#domain/protocol.ts';
import type { BuyerTokens } from '../../../server/accounts/buyer-token.ts';
import { between, type Random } from '../../../server/rehearsal/buyers/random.ts';
import { neighbours, oneSeat } from '../../../server/rehearsal/buyers/seat-choice.ts';
import { buy, type Customer } from './checkout.ts';
import { openLine, type Line, type Scene } from './line.ts';

/** One simulated buyer who comes, clicks, buys or goes, and comes again, until the run is over. */
export interface Shop extends Scene {
  capacity: number;
  rows: readonly { first: number; count: number }[];
  thinkMs: number;
  bookShare: number;
  tokens: BuyerTokens;
  /** Accounts that nobody has yet; a buyer whose account is full takes another. */
  customers: Customer[];
  /** Seats that one account may have. */
  cap: number;
  over: () => boolean;
}

export interface Visitor {
  line: Line;
  name: string;
  token: string;
}

/** How those pay who buy, by weight. */
const DECISIONS: readonly (readonly [SandboxOutcome | 'never', number])[] = [
  ...([
    ['success', 82],
    ['duplicate', 6],
    ['decline', 4],
    ['late', 4],
    ['never', 4]
  ] as const)
];

export function newVisitor(shop: Shop): Visitor {
  const { token, buyer } = shop.tokens.issue();
  return { token, name: buyer, line: openLine(shop, token) };
}

function decide(random: Random): SandboxOutcome | 'never' {
  let at = random() * DECISIONS.reduce((sum, [, weight]) => sum + weight, 0);
  return DECISIONS.find(([, weight]) => (at -= weight) < 0)?.[0] ?? 'success';
}

/** Lives in `lines`, so that its map can be looked at from outside. */
export async function shopOn(shop: Shop, random: Random, lines: Set<Line>): Promise<void> {
  let visitor = newVisitor(shop);
  lines.add(visitor.line);
  let account = { customer: shop.customers.pop(), seats: 0 };
  let mine: Hold | null = null;
  while (!shop.over()) {
    await pause(shop.thinkMs * (0.5 + random()));
    if (shop.over() || !(await visitor.line.connected())) continue;
    const { line, name, token } = visitor;
    const seats =
      random() < 0.5
        ? [oneSeat(line.map.map, shop.capacity, random)]
        : neighbours(line.map.map, shop.rows, between(random, 2, 4), random);
    mine = (await line.click(name, seats)) ?? mine;
    if (!mine || random() < 0.3) continue;
    const dice = random();
    if (dice < shop.bookShare && mine.deadline > Date.now()) {
      if (account.seats + mine.seats.length > shop.cap) account = { customer: shop.customers.pop(), seats: 0 };
      if (!account.customer) break;
      const buyer = { name, token };
      if (await buy(shop, account.customer, buyer, mine, decide(random), random() < 0.1))
        account.seats += mine.seats.length;
      // After a "no" the hold is the account's, and would be in the way of the next one.
      else account = { customer: shop.customers.pop(), seats: 0 };
      mine = null;
    } else if (dice > 0.9) {
      // Goes away with seats in hand, and comes back as somebody else.
      lines.delete(line);
      line.close();
      visitor = newVisitor(shop);
      lines.add(visitor.line);
      mine = null;
    } else {
      await line.release(name, mine);
      mine = null;
    }
  }
  if (mine) await visitor.line.release(visitor.name, mine);
}
