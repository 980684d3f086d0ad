import { openHall, openShows, buyerTokens, demandDescriptors } from './hall.ts';
import type { Bench, Round } from './bench.ts';
import { startChild, type Child } from '../../server/child.ts';
import type { BareScriptApi } from './processes/bare-script.ts';
import type { BareSocketIoApi } from './processes/bare-socketio.ts';
import type { CrowdApi } from './processes/crowd.ts';

/** One socket may send 20 commands a second: the loops go round this many, so that the limit stays as it is. */
const SOCKETS = 1280;
const WIDTH = 64;
const SHOWS = 8;
const CLICKS = SOCKETS * SHOWS;

export const clickToAck: Bench = {
  name: 'click-to-ack',
  what: `seats:hold over Socket.IO, ${WIDTH} loops over ${SOCKETS} sockets: server CPU per ack`,
  baseline: 'the same loops against a bare Socket.IO handler, plus hold.lua by EVALSHA from bare ioredis',
  rows: [{ case: '', unit: 'µs of CPU', goal: { atMost: 1.3 } }],

  async run(context, progress) {
    demandDescriptors(SOCKETS);
    const hall = await openHall(context);
    const bare = await startChild<BareSocketIoApi>(`${import.meta.dirname}/processes/bare-socketio.ts`);
    const bareCrowd = await startChild<CrowdApi>(`${import.meta.dirname}/processes/crowd.ts`);
    const script = await startChild<BareScriptApi>(`${import.meta.dirname}/processes/bare-script.ts`, {
      ...{ REDIS_URL: hall.config.redisUrl, REDIS_PREFIX: hall.config.redisPrefix }
    });
    const freshShows = async () => (await openShows(hall.house, SHOWS, SOCKETS)).map((show) => show.id);

    const perAck = async (server: Pick<Child<BareSocketIoApi>, 'ask'>, crowd: Child<CrowdApi>, shows: string[]) => {
      const before = await server.ask('usage', {});
      await crowd.ask('click', { shows, width: WIDTH });
      return ((await server.ask('usage', {})).cpu - before.cpu) / CLICKS;
    };
    const real = async () => perAck(hall.node, hall.crowd, await freshShows());
    const bareAck = async () => perAck(bare, bareCrowd, Array.from({ length: SHOWS }, String));
    const bareHold = async () => {
      const shows = await freshShows();
      return (await script.ask('hold', { shows, seatsPerShow: SOCKETS, width: WIDTH })) / CLICKS;
    };

    const rounds: Round[] = [];
    try {
      const tokens = buyerTokens(hall.config, SOCKETS);
      await hall.crowd.ask('open', { url: hall.nodeUrl, count: SOCKETS, tokens });
      await bareCrowd.ask('open', { url: await bare.ask('url', undefined), count: SOCKETS });
      for (const warm of [bareAck, bareHold, real]) await warm();
      for (let n = 1; n <= context.rounds; n++) {
        progress(n);
        const sides = n % 2 === 0 ? [real, bareAck, bareHold] : [bareHold, bareAck, real];
        const cpu = new Map<() => Promise<number>, number>();
        for (const side of sides) cpu.set(side, await side());
        const of = (side: () => Promise<number>) => cpu.get(side) ?? NaN;
        rounds.push({ case: '', value: of(real), baseline: of(bareAck) + of(bareHold) });
      }
    } finally {
      await Promise.all([script.stop(), bareCrowd.stop(), bare.stop(), hall.close()]);
    }
    return rounds;
  }
};
