import { alternate, sleep, type Bench, type Context, type Round } from './bench.ts';
import { startChild, type Child } from '../../server/child.ts';
import { demandDescriptors, hallEnvironment, openHall, openShows } from './hall.ts';
import type { BareSocketIoApi } from './processes/bare-socketio.ts';
import type { CrowdApi } from './processes/crowd.ts';

const VIEWERS = 1500;
const SEATS = 15_000;
/** The heap has grown, the code is compiled: what comes after these belongs to the connections. */
const WARM_UP = 300;
const SETTLE_MS = 500;

export const memory: Bench = {
  name: 'memory',
  what: `resident memory per idle viewer of a show, ${VIEWERS.toLocaleString('en')} of them, in a fresh process`,
  baseline: 'per bare Socket.IO connection',
  rows: [{ case: '', unit: 'kB', goal: { atMost: 1.3 } }],

  async run(context, progress) {
    demandDescriptors(VIEWERS);
    const environment = await hallEnvironment(context);
    const rounds: Round[] = [];
    for (let n = 1; n <= context.rounds; n++) {
      progress(n);
      const measured = await alternate(
        n,
        () => perViewer(context, environment),
        () => perConnection()
      );
      rounds.push({ case: '', ...measured });
    }
    return rounds;
  }
};

async function perViewer(context: Context, environment: Record<string, string>): Promise<number> {
  const hall = await openHall(context, environment);
  try {
    const [show] = await openShows(hall.house, 1, SEATS);
    if (!show) throw new Error('no show');
    return await growthOf(hall.node, hall.crowd, async (count) => {
      await hall.crowd.ask('open', { url: hall.nodeUrl, count });
      await hall.crowd.ask('watch', { show: show.id });
    });
  } finally {
    await hall.close();
  }
}

async function perConnection(): Promise<number> {
  const bare = await startChild<BareSocketIoApi>(`${import.meta.dirname}/processes/bare-socketio.ts`);
  const crowd = await startChild<CrowdApi>(`${import.meta.dirname}/processes/crowd.ts`);
  try {
    const url = await bare.ask('url', undefined);
    return await growthOf(bare, crowd, (count) => crowd.ask('open', { url, count }));
  } finally {
    await crowd.stop();
    await bare.stop();
  }
}

/** kB that the server's process has grown by for each of the crowd. */
async function growthOf(
  server: Pick<Child<BareSocketIoApi>, 'ask'>,
  crowd: Child<CrowdApi>,
  open: (count: number) => Promise<unknown>
): Promise<number> {
  const resident = async () => {
    await sleep(SETTLE_MS);
    return (await server.ask('usage', { collect: true })).resident;
  };
  await open(WARM_UP);
  const before = await resident();
  await open(VIEWERS);
  return ((await resident()) - before) / VIEWERS / 1000;
}
