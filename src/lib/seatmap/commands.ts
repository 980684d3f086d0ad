import { ANSWER_MS, type Ack, type ShowSocket } from './wire.ts';

export type HoldAck = Ack<'seats:hold' | 'seats:best' | 'seats:release' | 'hold:extend'>;

/** A click waits so long (ms) for a connection that was lost: later, nobody would expect it to be done any more. */
const PATIENCE_MS = 30_000;

/** What became of a command: its answer, or why there is none. `unsent`: it never left. `unknown`: it may have been done. */
export type Outcome = HoldAck | 'unsent' | 'unknown';

export interface Command {
  send: (socket: ReturnType<ShowSocket['timeout']>) => Promise<HoldAck>;
  /** Asking twice comes to the same as asking once: its request has an id, or does nothing the second time. */
  again: boolean;
  /** There is no connection now; it is asked for when there is one again. */
  waits: () => void;
}

/**
 * The buyer's commands, one after the other: answers then come in the order of the clicks. A command that a lost
 * connection swallowed is sent once more when it is back.
 */
export class Commands {
  #queue: Promise<unknown> = Promise.resolve();

  ask(coming: Promise<ShowSocket>, command: Command): Promise<Outcome> {
    const outcome = this.#queue.then(() => carry(coming, command));
    this.#queue = outcome;
    return outcome;
  }
}

async function carry(coming: Promise<ShowSocket>, { send, again, waits }: Command): Promise<Outcome> {
  const until = performance.now() + PATIENCE_MS;
  const socket = await Promise.race([coming, after(PATIENCE_MS)]);
  if (!socket) return 'unsent';
  let sent = false;
  while (performance.now() < until) {
    if (!socket.connected) waits();
    if (!(await connected(socket, until - performance.now()))) break;
    sent = true;
    const answer = await send(socket.timeout(ANSWER_MS)).catch(() => null);
    if (answer) return answer;
    // A server that is there and says nothing is not to be asked more often for it.
    if (!again || socket.connected) break;
  }
  return sent ? 'unknown' : 'unsent';
}

const after = (ms: number) => new Promise<null>((done) => setTimeout(() => done(null), ms));

function connected(socket: ShowSocket, ms: number): Promise<boolean> {
  if (socket.connected) return Promise.resolve(true);
  return new Promise((done) => {
    const come = () => {
      clearTimeout(timer);
      done(true);
    };
    const timer = setTimeout(() => {
      socket.off('connect', come);
      done(false);
    }, ms);
    socket.once('connect', come);
  });
}
