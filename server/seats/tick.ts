import { performance } from 'node:perf_hooks';

/**
 * How often a node's viewers get a frame. A node whose time is all used up, and much of it by writing frames, sends fewer
 * and larger ones: what is to be told is told a little later, and clicks are answered as before.
 */
export interface Tick {
  /** Writing a frame to everyone has taken so long (ms). */
  wrote(ms: number): void;
  /** Until the next tick (ms). */
  next(): number;
}

/** A frame is never later than this (ms), whatever the node has to do. */
export const SLOWEST_MS = 500;
const LOOK_EVERY_MS = 500;
/** Of the event loop's time: above the first there is none left, below the second there is enough. */
const FULL = 0.92;
const EASY = 0.75;
/** Of the node's time: frames that cost less are not what makes it late. */
const WORTH_SAVING = 0.1;
const STEP = 1.5;

/** What a look at the clock and the event loop says; tests bring their own. */
export interface Meter {
  now(): number;
  /** 0 … 1 of the time since it was last asked. */
  busy(): number;
}

export function createTick(tickMs: number, meter: Meter = createMeter()): Tick {
  const slowest = Math.max(tickMs, SLOWEST_MS);
  let pause = tickMs;
  let spent = 0;
  let since = meter.now();
  return {
    wrote(ms) {
      spent += ms;
    },
    next() {
      const passed = meter.now() - since;
      if (passed < LOOK_EVERY_MS) return pause;
      const [busy, share] = [meter.busy(), spent / passed];
      if (busy > FULL && share > WORTH_SAVING) pause = Math.min(slowest, pause * STEP);
      else if (busy < EASY) pause = Math.max(tickMs, pause / STEP);
      since += passed;
      spent = 0;
      return pause;
    }
  };
}

function createMeter(): Meter {
  let last = performance.eventLoopUtilization();
  return {
    now: () => performance.now(),
    busy() {
      const now = performance.eventLoopUtilization();
      const { utilization } = performance.eventLoopUtilization(now, last);
      last = now;
      return utilization;
    }
  };
}
