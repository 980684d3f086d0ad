import { connect, createServer, type Socket } from 'node:net';

/** A wire between us and a server, which can be cut: for Postgres and Redis that go away at the worst moment. */
export interface Wire {
  /** The same URL, by way of this wire. */
  url: string;
  /** Breaks every connection and lets none through. */
  cut(): void;
  /** What we send arrives, and the answers are lost; then the connections break. */
  loseAnswers(ms: number): void;
  mend(): void;
  close(): Promise<void>;
}

export async function openWire(to: string): Promise<Wire> {
  const target = new URL(to);
  const pairs = new Set<readonly [Socket, Socket]>();
  let state: 'whole' | 'deaf' | 'cut' = 'whole';
  const breakAll = () => {
    for (const pair of pairs) for (const socket of pair) socket.destroy();
  };
  const server = createServer((near) => {
    if (state === 'cut') return void near.destroy();
    const far = connect(Number(target.port), target.hostname);
    const pair = [near, far] as const;
    pairs.add(pair);
    const end = () => {
      pairs.delete(pair);
      near.destroy();
      far.destroy();
    };
    for (const socket of pair) socket.on('error', end).on('close', end);
    near.on('data', (bytes) => far.write(bytes));
    far.on('data', (bytes) => state === 'whole' && near.write(bytes));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const url = new URL(to);
  url.hostname = '127.0.0.1';
  url.port = String(typeof address === 'object' && address ? address.port : 0);
  return {
    url: url.href,
    cut() {
      state = 'cut';
      breakAll();
    },
    loseAnswers(ms) {
      state = 'deaf';
      setTimeout(() => {
        breakAll();
        state = 'whole';
      }, ms);
    },
    mend() {
      state = 'whole';
    },
    close: () => {
      breakAll();
      return new Promise((resolve) => server.close(() => resolve()));
    }
  };
}
