import { alternate, sleep, type Bench, type Round } from './bench.ts';
import { startChild } from '../../server/child.ts';
import { median } from './figures.ts';
import { demandDescriptors, fillHall, openHall, stirrer } from './hall.ts';
import type { BareBroadcastApi } from './processes/bare-broadcast.ts';
import type { CrowdApi, Heard } from './processes/crowd.ts';

const VIEWERS = 1500;
const SEATS = 100_000;
const CHANGES_A_TICK = 20;
const SECONDS = 3;
/** Frames under way arrive, and what a burst leaves to do is done. */
const SETTLE_MS = 200;

export const fanOut: Bench = {
  name: 'fan-out',
  what: `server CPU per frame delivered, ${VIEWERS.toLocaleString('en')} viewers, ${CHANGES_A_TICK} changes a tick`,
  baseline: 'bare ws sending the same bytes to the same number of clients',
  rows: [{ case: '', unit: 'µs of CPU', goal: { atMost: 1.4 } }],

  async run(context, progress) {
    demandDescriptors(VIEWERS);
    const hall = await openHall(context);
    const bare = await startChild<BareBroadcastApi>(`${import.meta.dirname}/processes/bare-broadcast.ts`);
    const listeners = await startChild<CrowdApi>(`${import.meta.dirname}/processes/crowd.ts`);
    const ticksPerSecond = 1000 / hall.config.liveTickMs;
    let frame = '';

    const rounds: Round[] = [];
    try {
      const show = await fillHall(hall, VIEWERS, SEATS);
      await listeners.ask('listen', { url: await bare.ask('url', undefined), count: VIEWERS });
      const stir = stirrer(hall.house, show.id, SEATS);

      const real = async () => {
        await hall.crowd.ask('heard', undefined);
        const before = await hall.node.ask('usage', {});
        await stir(CHANGES_A_TICK * ticksPerSecond, SECONDS);
        await sleep(SETTLE_MS);
        const { cpu } = await hall.node.ask('usage', {});
        const heard = await hall.crowd.ask('heard', undefined);
        frame = typical(heard);
        return (cpu - before.cpu) / delivered(heard);
      };
      const bareSend = async () => {
        const before = await bare.ask('usage', {});
        const sent = { text: `42${frame}`, times: SECONDS * ticksPerSecond, everyMs: hall.config.liveTickMs };
        await bare.ask('broadcast', sent);
        await sleep(SETTLE_MS);
        const { cpu } = await bare.ask('usage', {});
        return (cpu - before.cpu) / delivered(await listeners.ask('heard', undefined));
      };
      await real();
      await bareSend();
      for (let n = 1; n <= context.rounds; n++) {
        progress(n);
        rounds.push({ case: '', ...(await alternate(n, real, bareSend)) });
      }
    } finally {
      await Promise.all([listeners.stop(), bare.stop(), hall.close()]);
    }
    return rounds;
  }
};

const delivered = (heard: readonly Heard[]) => heard.reduce((sum, { count }) => sum + count, 0);

/** A frame of the median length. */
function typical(heard: readonly Heard[]): string {
  const length = median(heard.map(({ text }) => text.length));
  const [nearest] = [...heard].sort((a, b) => Math.abs(a.text.length - length) - Math.abs(b.text.length - length));
  return nearest?.text ?? '';
}
