import type { SeatsFrame } from '#domain/protocol.ts';
import { decodeSeats } from '#domain/seat-map.ts';

/**
 * From a click to everyone: the frame that first shows a clicked seat as held names a version, and the last socket that
 * gets this version (over all processes) is everyone. Times are ms since 1970, so that processes can be compared.
 */
export const wallClock = (): number => performance.timeOrigin + performance.now();

export function createFrameTimes() {
  const seen = new Map<string, number>();
  const waiting = new Map<number, number>();
  let clicks: [string, number][] = [];

  return {
    /** This process is about to click the seat. */
    sent(seat: number, at: number) {
      waiting.set(seat, at);
    },
    /** No frame will show it as held for this click: it was refused, or is let go in the same tick. */
    forget(seat: number) {
      waiting.delete(seat);
    },
    heard(frame: SeatsFrame) {
      const version = `${frame.epoch}-${frame.to}`;
      const first = !seen.has(version);
      seen.set(version, wallClock());
      // All sockets get the same frame: it is read once.
      if (!first || waiting.size === 0) return;
      for (const seat of decodeSeats(frame.held ?? [])) {
        const at = waiting.get(seat);
        if (at === undefined) continue;
        waiting.delete(seat);
        clicks.push([version, at]);
      }
    },
    take(): { frames: [string, number][]; clicks: [string, number][] } {
      const taken = { frames: [...seen], clicks };
      seen.clear();
      clicks = [];
      return taken;
    }
  };
}
export type FrameTimes = ReturnType<typeof createFrameTimes>;
