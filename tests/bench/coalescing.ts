import { sleep, type Bench, type Round } from './bench.ts';
import { median } from './figures.ts';
import { fillHall, openHall, stirrer } from './hall.ts';
import type { Heard } from './processes/crowd.ts';

const VIEWERS = 100;
const SEATS = 100_000;
const RATES = [50, 500, 5000];
const SECONDS = 2;
const SETTLE_MS = 150;

export const coalescing: Bench = {
  name: 'coalescing',
  what: `frames per viewer and second, at ${RATES.join(', ')} seat changes a second`,
  baseline: 'ticks per second',
  rows: RATES.map((rate) => ({ case: `${rate}/s`, unit: 'frames/s', goal: { atMost: 1 } })),

  async run(context, progress) {
    const hall = await openHall(context);
    const ticks = 1000 / hall.config.liveTickMs;
    const rounds: Round[] = [];
    try {
      const show = await fillHall(hall, VIEWERS, SEATS);
      const stir = stirrer(hall.house, show.id, SEATS);
      await stir(500, 1);
      for (let n = 1; n <= context.rounds; n++) {
        for (const rate of RATES) {
          progress(n, `${rate} changes a second`);
          await sleep(SETTLE_MS);
          await hall.crowd.ask('heard', undefined);
          await stir(rate, SECONDS);
          await sleep(SETTLE_MS);
          const value = framesPerSecond(await hall.crowd.ask('heard', undefined));
          rounds.push({ case: `${rate}/s`, value, baseline: ticks });
        }
      }
    } finally {
      await hall.close();
    }
    return rounds;
  }
};

/** By the times of the first and the last frame, so that it does not matter where a tick falls at either end. */
function framesPerSecond(heard: readonly Heard[]): number {
  const [first, last] = [heard[0], heard.at(-1)];
  if (!first || !last || heard.length < 2) throw new Error('the viewers heard nothing');
  if (median(heard.map(({ count }) => count)) !== VIEWERS) throw new Error('not every viewer had every frame');
  return (heard.length - 1) / ((last.first - first.first) / 1000);
}
