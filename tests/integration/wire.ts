import { connect, createServer, type Socket } from 'node:net';

/** A wire between us and a server, which can be cut: for Postgres and Redis that go away at the worst moment. */
export interface Wire {
  /** The same URL, by way of this wire. */
  url: string;
  /** Breaks every connection and lets none through. */
  cut(): void;
  /** What we send arrives, and the answers are lost; then the connections break. */
  loseAnswers(ms: number): void;
  /** Loses this share of the messages that Redis pushes to a subscriber; all other answers arrive. */
  losePushes(share: number, random: () => number): void;
  /** Breaks the connections that gave themselves a name like this, and lets no new one of them through. */
  keepOut(name: string): void;
  letIn(): void;
  /** Pushes that got lost so far. */
  readonly lostPushes: number;
  mend(): void;
  /** From now on it leads to another server; connections to the one before break. */
  leadTo(url: string): void;
  close(): Promise<void>;
}

/** A RESP3 push of pub/sub, alone in its packet: Redis writes each as it comes. */
const isPush = (bytes: Buffer) =>
  bytes[0] === 0x3e && /^>3\r\n\$7\r\nmessage\r\n/.test(bytes.toString('latin1', 0, 20));

export async function openWire(to: string): Promise<Wire> {
  let target = new URL(to);
  const pairs = new Set<readonly [Socket, Socket]>();
  let state: 'whole' | 'deaf' | 'cut' = 'whole';
  let keptOut: string | null = null;
  let losesPush = () => false;
  let lostPushes = 0;
  const names = new Map<readonly [Socket, Socket], string>();
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
      names.delete(pair);
      near.destroy();
      far.destroy();
    };
    for (const socket of pair) socket.on('error', end).on('close', end);
    near.on('data', (bytes: Buffer) => {
      // Redis clients say their name first (CLIENT SETNAME).
      if (!names.has(pair)) names.set(pair, bytes.toString('latin1'));
      if (keptOut !== null && names.get(pair)?.includes(keptOut)) return end();
      far.write(bytes);
    });
    far.on('data', (bytes: Buffer) => {
      if (state !== 'whole') return;
      if (isPush(bytes) && losesPush()) lostPushes++;
      else near.write(bytes);
    });
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
    losePushes(share, random) {
      losesPush = () => random() < share;
    },
    keepOut(name) {
      keptOut = name;
      for (const [pair, said] of names) if (said.includes(name)) for (const socket of pair) socket.destroy();
    },
    letIn() {
      keptOut = null;
    },
    get lostPushes() {
      return lostPushes;
    },
    mend() {
      state = 'whole';
      keptOut = null;
      losesPush = () => false;
    },
    leadTo(other) {
      target = new URL(other);
      breakAll();
    },
    close: () => {
      breakAll();
      return new Promise((resolve) => server.close(() => resolve()));
    }
  };
}
