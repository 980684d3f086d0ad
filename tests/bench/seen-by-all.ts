import { decodeSeats } from '../../src/lib/domain/seat-map.ts';
import { seatsFrame } from '../../src/lib/domain/protocol.ts';
import { alternate, clock, sleep, type Bench, type Round } from './bench.ts';
import { startChild } from '../../server/child.ts';
import { percentile } from './figures.ts';
import { buyerTokens, demandDescriptors, fillHall, openHall, type Hall } from './hall.ts';
import type { BareBroadcastApi } from './processes/bare-broadcast.ts';
import type { CrowdApi, Heard } from './processes/crowd.ts';
import { openWire, type Wire } from './wire.ts';

const VIEWERS = 1500;
const SEATS = 100_000;
const CLICKERS = 10;
const CLICKS = 120;
/** Between two clicks: no multiple of a tick, so that clicks fall everywhere in it. */
const PAUSE_MS = 23;
const BROADCASTS = 60;
const SETTLE_MS = 300;

export const seenByAll: Bench = {
  name: 'seen-by-all',
  what: `from a click’s ack until the last of ${VIEWERS.toLocaleString('en')} viewers has the frame, p99`,
  baseline: 'one tick + the p99 of a broadcast of bare ws to as many',
  rows: [{ case: '', unit: 'ms', goal: { atMost: 2 } }],

  async run(context, progress) {
    demandDescriptors(VIEWERS);
    const hall = await openHall(context);
    const bare = await startChild<BareBroadcastApi>(`${import.meta.dirname}/processes/bare-broadcast.ts`);
    const listeners = await startChild<CrowdApi>(`${import.meta.dirname}/processes/crowd.ts`);
    const clickers = await openClickers(hall);
    let frame = '';
    let seat = 0;

    const rounds: Round[] = [];
    try {
      const show = await fillHall(hall, VIEWERS, SEATS, CLICKS / CLICKERS);
      await listeners.ask('listen', { url: await bare.ask('url', undefined), count: VIEWERS });

      const real = async () => {
        await hall.crowd.ask('heard', undefined);
        const acked = new Map<number, number>();
        for (let n = 0; n < CLICKS; n++) {
          const mine = seat++;
          const command = { showId: show.id, seats: [mine], requestId: `request-${mine}` };
          void clickers[n % CLICKERS]?.say('seats:hold', JSON.stringify(command)).then((answer) => {
            if (answer.includes('"ok":true')) acked.set(mine, clock());
          });
          await sleep(PAUSE_MS);
        }
        await sleep(SETTLE_MS);
        const heard = await hall.crowd.ask('heard', undefined);
        frame = heard.at(-1)?.text ?? '';
        if (acked.size !== CLICKS) throw new Error(`${CLICKS - acked.size} clicks were refused`);
        const waits = waitsOf(heard, acked);
        // Or the cap would stop them in the next round.
        for (const wire of clickers) await wire.say('seats:release', JSON.stringify({ showId: show.id }));
        await sleep(SETTLE_MS);
        return percentile(waits, 0.99);
      };
      const bareSend = async () => {
        await listeners.ask('heard', undefined);
        const sent = { text: `42${frame}`, times: BROADCASTS, everyMs: hall.config.liveTickMs };
        const began = await bare.ask('broadcast', sent);
        await sleep(SETTLE_MS);
        const heard = await listeners.ask('heard', undefined);
        const took = began.map((at, n) => {
          const one = heard.find(({ text }) => Number(text.slice(0, 4)) === n);
          if (one?.count !== VIEWERS) throw new Error('not everyone had the broadcast');
          return one.last - at;
        });
        return hall.config.liveTickMs + percentile(took, 0.99);
      };
      await real();
      await bareSend();
      for (let n = 1; n <= context.rounds; n++) {
        progress(n);
        rounds.push({ case: '', ...(await alternate(n, real, bareSend)) });
      }
    } finally {
      for (const wire of clickers) wire.close();
      await Promise.all([listeners.stop(), bare.stop(), hall.close()]);
    }
    return rounds;
  }
};

const openClickers = (hall: Hall): Promise<Wire[]> =>
  Promise.all(
    buyerTokens(hall.config, CLICKERS).map((buyerToken) => openWire(hall.nodeUrl, { buyerToken }, () => undefined))
  );

/** For each click, how long after its ack the last viewer had the frame that names its seat. */
function waitsOf(heard: readonly Heard[], acked: ReadonlyMap<number, number>): number[] {
  const seen = new Map<number, number>();
  for (const { text, count, last } of heard) {
    const frame = seatsFrame.parse((JSON.parse(text) as [string, unknown])[1]);
    for (const seat of decodeSeats(frame.held ?? [])) if (count === VIEWERS) seen.set(seat, last);
  }
  return [...acked].map(([seat, at]) => {
    const last = seen.get(seat);
    if (last === undefined) throw new Error(`not every viewer has seen seat ${seat}`);
    return last - at;
  });
}
