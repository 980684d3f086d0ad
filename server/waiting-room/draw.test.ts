import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createTickets, drawOrder, hashOfList, newSeed } from './draw.ts';

interface Verdict {
  ok: boolean;
  checks: { what: string; ok: boolean }[];
  order: string[];
}
/** The very file that is published. */
const { verifyDraw } = (await import(new URL('../../static/verify-draw.mjs', import.meta.url).href)) as {
  verifyDraw: (draw: object, noted?: object) => Promise<Verdict>;
};

const ticketOf = createTickets('a secret of this test');
const list = fc.uniqueArray(fc.stringMatching(/^[0-9a-f]{20}$/), { maxLength: 40 });
const seed = fc.uint8Array({ minLength: 32, maxLength: 32 }).map((bytes) => Buffer.from(bytes));

function published(of: Buffer, tickets: readonly string[]) {
  return {
    ...{ showId: 'aaaaaaaaaaaa', commitment: createHash('sha256').update(of).digest('hex') },
    ...{ tickets: [...tickets].sort(), entrants: tickets.length, listHash: hashOfList(tickets) },
    ...{ closedAt: '2031-01-01T09:59:50Z', seed: of.toString('hex'), drawnAt: '2031-01-01T10:00:00Z' }
  };
}
const brokenIn = ({ checks }: Verdict) => checks.filter(({ ok }) => !ok).map(({ what }) => what);

describe('the draw', () => {
  it('gives everybody one place, the same whoever computes it, in whatever order they came', () => {
    fc.assert(
      fc.property(seed, list, fc.infiniteStream(fc.nat()), (of, tickets, random) => {
        const order = drawOrder(of, tickets);
        expect([...order].sort()).toEqual([...tickets].sort());
        const shuffled = [...tickets].sort(() => (random.next().value % 3) - 1);
        expect(drawOrder(of, shuffled)).toEqual(order);
      })
    );
  });

  it('is another with another seed, and with one ticket more or less', () => {
    const tickets = Array.from({ length: 30 }, (_, n) => ticketOf('aaaaaaaaaaaa', `g_${n}`));
    const [one, other] = [newSeed(), newSeed()];
    const order = drawOrder(one.seed, tickets);
    expect(drawOrder(other.seed, tickets)).not.toEqual(order);
    // Nobody can be added behind the others' backs without all places changing.
    const without = drawOrder(one.seed, tickets.slice(1));
    expect(without).not.toEqual(order.filter((ticket) => ticket !== tickets[0]));
  });

  it('favours no place', () => {
    const tickets = Array.from({ length: 5 }, (_, n) => ticketOf('aaaaaaaaaaaa', `g_${n}`));
    const first = new Map<string, number>();
    const DRAWS = 3000;
    for (let n = 0; n < DRAWS; n++) {
      const of = createHash('sha256').update(String(n)).digest();
      const [winner = ''] = drawOrder(of, tickets);
      first.set(winner, (first.get(winner) ?? 0) + 1);
    }
    // 600 ± 6 standard deviations.
    for (const ticket of tickets) expect(Math.abs((first.get(ticket) ?? 0) - DRAWS / 5)).toBeLessThan(132);
  });

  it('gives a buyer the same ticket always, and two buyers or shows never the same', () => {
    expect(ticketOf('aaaaaaaaaaaa', 'g_1')).toBe(ticketOf('aaaaaaaaaaaa', 'g_1'));
    const others = [
      ticketOf('aaaaaaaaaaaa', 'g_2'),
      ticketOf('bbbbbbbbbbbb', 'g_1'),
      createTickets('x')('aaaaaaaaaaaa', 'g_1')
    ];
    expect(others).not.toContain(ticketOf('aaaaaaaaaaaa', 'g_1'));
  });
});

describe('the published script', () => {
  it('finds the server’s own places', async () => {
    await fc.assert(
      fc.asyncProperty(seed, list, async (of, tickets) => {
        const verdict = await verifyDraw(published(of, tickets), { ticket: tickets[0] });
        expect(brokenIn(verdict)).toEqual([]);
        expect(verdict.order).toEqual(drawOrder(of, tickets));
      }),
      { numRuns: 30 }
    );
  });

  const tickets = Array.from({ length: 12 }, (_, n) => ticketOf('aaaaaaaaaaaa', `g_${n}`));
  const { seed: own } = newSeed();
  const honest = published(own, tickets);
  const friend = ticketOf('aaaaaaaaaaaa', 'g_friend');
  it.each([
    ['another seed', { ...honest, seed: newSeed().seed.toString('hex') }, 'the commitment is'],
    ['a seed with a commitment made for it', published(newSeed().seed, tickets), 'the commitment that you noted'],
    ['a ticket that is missing', { ...honest, tickets: honest.tickets.slice(1) }, 'the hash of the list is'],
    ['a list with a friend in it', published(own, [...tickets, friend]), 'the hash of the list that you noted'],
    ['a ticket twice', { ...honest, tickets: [...honest.tickets, tickets[0]] }, 'twice'],
    ['a list that came after the seed', { ...honest, closedAt: '2031-01-01T11:00:00Z' }, 'closed before'],
    ['a list without me', published(own, tickets.slice(1)), 'your ticket']
  ])('sees %s', async (_, draw, what) => {
    const noted = { commitment: honest.commitment, list: honest.listHash, ticket: tickets[0] };
    const verdict = await verifyDraw(draw, noted);
    expect(verdict.ok).toBe(false);
    expect(brokenIn(verdict).join()).toContain(what);
  });

  it('waits for the seed', async () => {
    expect((await verifyDraw({ ...honest, seed: null })).ok).toBe(false);
  });
});
