import { setTimeout as pause } from 'node:timers/promises';
import type { Server } from 'socket.io';

/** Between two looks at who is next (ms). */
const STEP_MS = 50;

/**
 * Ends all sockets in random order, spread evenly over `overMs`; answers how many. Their transport is closed, which a
 * client takes for a broken line and comes back by itself, to another node; a `disconnect` it would take for a farewell.
 */
export async function closeGradually(io: Server, overMs: number): Promise<number> {
  const waiting = shuffled([...io.sockets.sockets.values()]);
  const all = waiting.length;
  const started = performance.now();
  while (waiting.length > 0) {
    const share = overMs > 0 ? Math.min(1, (performance.now() - started) / overMs) : 1;
    const left = Math.floor(all * (1 - share));
    // After what it was still to hear, such as the answer to its last click.
    for (const socket of waiting.splice(left)) socket.conn.close();
    if (left > 0) await pause(STEP_MS);
  }
  // Whose handshake was under way when the list was made.
  for (const socket of io.sockets.sockets.values()) socket.conn.close();
  return all;
}

/** Fisher and Yates. */
function shuffled<T>(list: T[]): T[] {
  for (let last = list.length - 1; last > 0; last--) {
    const other = Math.floor(Math.random() * (last + 1));
    [list[last], list[other]] = [list[other] as T, list[last] as T];
  }
  return list;
}
