import { expect, test } from 'vitest';
import { Glide, glideOn, type Speed } from './glide.ts';

function dragged(steps: readonly [dx: number, dy: number, at: number][]): Glide {
  const glide = new Glide();
  for (const [dx, dy, at] of steps) glide.moved(dx, dy, at);
  return glide;
}

test('a drag that ends in motion goes on as fast as the finger was', () => {
  const speed = dragged([
    [10, 0, 100],
    [16, -8, 116],
    [16, -8, 132],
    [16, -8, 148]
  ]).speed(150);
  expect(speed).toEqual({ x: 1, y: -0.5 });
});

test('a finger that rests before it lets go leaves the map where it is', () => {
  const glide = dragged([
    [16, 0, 100],
    [16, 0, 116]
  ]);
  expect(glide.speed(118)).not.toBeNull();
  expect(glide.speed(176)).toBeNull();
});

test('only the last moments of a drag count', () => {
  const back = dragged([
    [90, 0, 0],
    [90, 0, 16],
    [-8, 0, 200],
    [-8, 0, 216],
    [-8, 0, 232]
  ]).speed(233);
  expect(back?.x).toBeCloseTo(-0.5);
});

test('the fastest throw does not lose the house', () => {
  const fast = dragged([
    [900, 0, 0],
    [900, 900, 8]
  ]).speed(9);
  expect(Math.hypot(fast?.x ?? 0, fast?.y ?? 0)).toBeCloseTo(4);
});

test('the way is the same in however many frames it is made, and it ends', () => {
  const way = (frameMs: number) => {
    let speed: Speed | null = { x: 2, y: -1 };
    let [x, y, frames] = [0, 0, 0];
    while (speed && frames < 10_000) {
      const step = glideOn(speed, frameMs);
      [x, y, speed, frames] = [x + step.dx, y + step.dy, step.speed, frames + 1];
    }
    return { x, y, ms: frames * frameMs };
  };
  const [smooth, rough] = [way(8), way(50)];
  expect(smooth.ms).toBeLessThan(2000);
  expect(rough.x).toBeCloseTo(smooth.x, -1.2);
  expect(smooth.x / smooth.y).toBeCloseTo(-2);
});
