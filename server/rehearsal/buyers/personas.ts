import { setTimeout as pause } from 'node:timers/promises';
import type { Hold } from '#domain/protocol.ts';
import { checkout } from './checkout.ts';
import { clickBest, clickSeats, connect, newRequest, release, type Line } from './line.ts';
import type { Persona } from './mix.ts';
import type { ClientPlan } from './plan.ts';
import { between, seeded, type Random } from './random.ts';
import { neighbours, oneSeat } from './seat-choice.ts';
import type { World } from './world.ts';

/** A buyer while the test runs. */
interface Buyer {
  world: World;
  persona: Persona;
  random: Random;
  token: string;
  address: string | null;
  line: Line;
  /** What they have in hand. */
  hold: Hold | null;
  /** Clicks that are still to come in this visit. */
  left: number;
}

/** One planned click, meant for `due` on this process' clock. */
type Click = (buyer: Buyer, due: number) => Promise<void>;

/** The visit is over: some buy, the others let go. */
async function end(buyer: Buyer): Promise<void> {
  const { world, random, hold, line, token, persona } = buyer;
  const buys = random() < world.bookShare;
  if (!hold) return;
  buyer.hold = null;
  const outcome = persona === 'late' ? 'late' : persona === 'double' ? 'duplicate' : 'success';
  if (buys && (await checkout(world, token, hold, outcome, persona === 'double'))) return;
  await release(world, line, hold);
}

const some = ({ world: { map, rows }, random }: Buyer, least: number, most: number) =>
  neighbours(map.map, rows, between(random, least, most), random);

async function pick(buyer: Buyer, due: number): Promise<void> {
  const { world, random } = buyer;
  if (buyer.left <= 0) buyer.left = between(random, 1, 4);
  const seat = oneSeat(world.map.map, world.capacity, random);
  buyer.hold = (await clickSeats(world, buyer.line, buyer.token, [seat], due)) ?? buyer.hold;
  if (--buyer.left <= 0) await end(buyer);
}

async function best(buyer: Buyer, due: number): Promise<void> {
  buyer.hold = await clickBest(buyer.world, buyer.line, buyer.token, between(buyer.random, 1, 4), due);
  await end(buyer);
}

async function group(buyer: Buyer, due: number): Promise<void> {
  buyer.hold = await clickSeats(buyer.world, buyer.line, buyer.token, some(buyer, 4, 6), due);
  await end(buyer);
}

/** Goes away with seats in hand; their time runs out. Whoever comes next is somebody else. */
async function abandon(buyer: Buyer, due: number): Promise<void> {
  const { world, line } = buyer;
  const got = await clickSeats(world, line, buyer.token, some(buyer, 1, 4), due);
  const other = got && world.spareTokens.pop();
  if (!other) return got ? release(world, line, got) : undefined;
  world.tally.count('abandoned');
  line.socket.disconnect();
  buyer.token = other;
  buyer.line = (await connect(world, other, undefined, buyer.address)) ?? buyer.line;
}

/** The same click twice is one hold. */
async function double(buyer: Buyer, due: number): Promise<void> {
  const { world, line, token } = buyer;
  const [seats, request] = [some(buyer, 1, 3), newRequest()];
  const [first, second] = await Promise.all([
    clickSeats(world, line, token, seats, due, request),
    clickSeats(world, line, token, seats, due, request)
  ]);
  if ((first?.id ?? null) !== (second?.id ?? null))
    world.tally.error('one click was answered in two ways', `${first?.id ?? 'no'} and ${second?.id ?? 'no'}`);
  buyer.hold = first ?? second;
  await end(buyer);
}

const AWAY_MS = 300;

/** A hold belongs to the buyer, not to the connection. */
async function reconnect(buyer: Buyer, due: number): Promise<void> {
  const { world } = buyer;
  const got = await clickSeats(world, buyer.line, buyer.token, some(buyer, 1, 3), due);
  if (!got) return;
  buyer.line.socket.disconnect();
  await pause(AWAY_MS);
  const line = await connect(world, buyer.token, undefined, buyer.address);
  if (!line) return;
  buyer.line = line;
  buyer.hold = got;
  world.tally.count('reconnected');
  if (line.hold?.id !== got.id && Date.now() < got.deadline)
    world.tally.error(
      'a hold was lost with its connection',
      `${got.id}, and the server knows ${line.hold?.id ?? 'none'}`
    );
  await end(buyer);
}

/** In the time in which a person clicks once, and all at once. */
const IDENTITIES_PER_CLICK = 5;
const HOARD = 4;
const SOLD_ON = 0.8;

/** Takes what it can under many names, buys most of it and lets the rest run out. */
async function hoard({ world, random, address }: Buyer, due: number): Promise<void> {
  const oneOfMany = async () => {
    const [token, buys] = [world.spareTokens.pop(), random() < SOLD_ON];
    const line = token === undefined ? null : await connect(world, token, undefined, address);
    if (!line || token === undefined) return;
    const got = await clickBest(world, line, token, HOARD, due);
    if (got && buys && (await checkout(world, token, got, 'success')))
      world.tally.count('seats booked by bots', got.seats.length);
    line.socket.disconnect();
  };
  await Promise.all(Array.from({ length: IDENTITIES_PER_CLICK }, oneOfMany));
}

const CLICKS: Record<Exclude<Persona, 'watcher'>, Click> = {
  ...{ picker: pick, best, group, abandoner: abandon, double, late: pick, reconnecter: reconnect, bot: hoard }
};

const until = async (at: number) => {
  const wait = at - performance.now();
  if (wait > 0) await pause(wait);
};

/** Plays a buyer's plan from the first click to the end. Resolves with their connection as it is then. */
export async function play(world: World, plan: ClientPlan, token: string, line: Line): Promise<Line> {
  if (plan.persona === 'watcher') return line;
  const buyer: Buyer = {
    ...{ world, token, line, persona: plan.persona, random: seeded(plan.seed), address: plan.address },
    ...{ hold: null, left: 0 }
  };
  const click = CLICKS[plan.persona];
  for (const at of plan.clicks) {
    const due = world.startsAt + at;
    await until(due);
    // A service that does not keep up is not asked for ever.
    if (performance.now() > world.endsAt) break;
    await click(buyer, due).catch((error: unknown) => world.tally.error(plan.persona, String(error)));
  }
  if (buyer.hold) await release(world, buyer.line, buyer.hold);
  return buyer.line;
}
