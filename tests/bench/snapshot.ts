import { mapBytes } from '../../src/lib/domain/seat-map.ts';
import { must } from '../integration/house.ts';
import { alternate, type Bench, type Round } from './bench.ts';
import { openHall, openShows, type Hall } from './hall.ts';

const SEATS = 100_000;
const HELD = 10_000;
const SEATS_PER_HOLD = 50;
const SOCKETS = 300;

export const snapshot: Bench = {
  name: 'snapshot',
  what: `show:watch of a show of ${SEATS.toLocaleString('en')} seats: bytes of the answer, and server CPU with ${HELD.toLocaleString('en')} seats held`,
  baseline: '2 bits a seat; the same with no seat held',
  rows: [
    { case: 'bytes', unit: 'bytes', goal: { atMost: 1.05 } },
    { case: 'CPU', unit: 'µs of CPU', goal: { atMost: 1.2 } }
  ],

  async run(context, progress) {
    const hall = await openHall(context);
    const rounds: Round[] = [];
    try {
      const [full, empty] = (await openShows(hall.house, 2, SEATS, SEATS_PER_HOLD)).map((show) => show.id);
      if (full === undefined || empty === undefined) throw new Error('shows are missing');
      for (let seat = 0; seat < HELD; seat += SEATS_PER_HOLD) {
        const seats = Array.from({ length: SEATS_PER_HOLD }, (_, n) => (seat + n) * (SEATS / HELD));
        must(await hall.house.seats.hold(full, `g_holder-${seat}`, seats, 'request'));
      }
      await hall.crowd.ask('open', { url: hall.nodeUrl, count: SOCKETS });
      for (const show of [full, empty]) await watchCost(hall, show);
      for (let n = 1; n <= context.rounds; n++) {
        progress(n);
        let bytes = 0;
        const held = async () => {
          const cost = await watchCost(hall, full);
          bytes = cost.bytes;
          return cost.cpu;
        };
        const none = async () => (await watchCost(hall, empty)).cpu;
        rounds.push({ case: 'CPU', ...(await alternate(n, held, none)) });
        rounds.push({ case: 'bytes', value: bytes, baseline: mapBytes(SEATS) });
      }
    } finally {
      await hall.close();
    }
    return rounds;
  }
};

/** What one answer to show:watch takes, when every socket asks twice. */
async function watchCost(hall: Hall, show: string): Promise<{ cpu: number; bytes: number }> {
  const before = await hall.node.ask('usage', {});
  let bytes = 0;
  for (let n = 0; n < 2; n++) bytes = await hall.crowd.ask('watch', { show });
  const { cpu } = await hall.node.ask('usage', {});
  return { cpu: (cpu - before.cpu) / (2 * SOCKETS), bytes };
}
