import { describe, expect, it } from 'vitest';
import { createTick, SLOWEST_MS } from './tick.ts';

/** A second of a node that is `busy` (0 … 1), `frames` of it (0 … 1) with writing frames; answers the pause after it. */
function nodeAt(tickMs: number) {
  let [time, load] = [0, 0];
  const tick = createTick(tickMs, { now: () => time, busy: () => load });
  return (busy: number, frames: number) => {
    load = busy;
    time += 1000;
    tick.wrote(1000 * frames);
    return tick.next();
  };
}

describe('the tick of frames', () => {
  it('is as it was set while there is time', () => {
    const second = nodeAt(50);
    for (const busy of [0, 0.5, 0.9]) expect(second(busy, 0.4)).toBe(50);
  });

  it('slows down, step by step and not for ever, while the node has no time left and frames take much of it', () => {
    const second = nodeAt(50);
    expect(second(0.98, 0.3)).toBe(75);
    expect(second(0.98, 0.3)).toBe(112.5);
    for (let n = 0; n < 10; n++) second(1, 0.3);
    expect(second(1, 0.3)).toBe(SLOWEST_MS);
  });

  it('stays as it is where frames are not what takes the time', () => {
    const second = nodeAt(50);
    expect(second(1, 0.02)).toBe(50);
  });

  it('comes back when there is time again, and no faster than the tick', () => {
    const second = nodeAt(50);
    for (let n = 0; n < 10; n++) second(1, 0.3);
    expect(second(0.85, 0.3)).toBe(SLOWEST_MS);
    expect(second(0.6, 0.1)).toBeCloseTo(SLOWEST_MS / 1.5);
    for (let n = 0; n < 10; n++) second(0.6, 0.1);
    expect(second(0.6, 0.1)).toBe(50);
  });

  it('is never faster than a tick that is slower than the slowest', () => {
    const second = nodeAt(2000);
    for (let n = 0; n < 5; n++) second(1, 0.5);
    expect(second(1, 0.5)).toBe(2000);
  });
});
