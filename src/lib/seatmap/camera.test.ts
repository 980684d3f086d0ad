import { expect, test } from 'vitest';
import { BARE, Camera } from './camera.ts';
import { Motion } from './motion.ts';

function camera(width = 800, height = 600) {
  const made = new Camera({ width: 200, height: 100 }, BARE);
  Object.assign(made, { width, height });
  made.moveTo(made.fitted());
  return made;
}

test('zooming leaves the point under the pointer where it is', () => {
  const view = camera();
  const before = view.toWorld(500, 330);
  view.zoomAt(500, 330, 3);
  const after = view.toWorld(500, 330);
  expect(after.x).toBeCloseTo(before.x);
  expect(after.y).toBeCloseTo(before.y);
});

test('the middle of the view never leaves the house', () => {
  const view = camera();
  view.pan(1e6, 1e6);
  expect([view.x, view.y]).toEqual([0, -8]);
  view.pan(-1e6, -1e6);
  expect([view.x, view.y]).toEqual([200, 104]);
});

test('a section is brought before one as a whole, with seats that can be chosen', () => {
  const view = camera();
  const box = { left: 20, top: 10, right: 60, bottom: 30 };
  const { x, y, scale } = view.onto(box, 6, 23);
  expect([x, y]).toEqual([40, 20]);
  expect(scale * 40).toBeLessThan(800);
  expect(scale * 20).toBeLessThan(600);
  expect(view.onto({ left: 0, top: 0, right: 190, bottom: 90 }, 6, 23).scale).toBe(6);
  expect(view.onto({ left: 0, top: 0, right: 2, bottom: 2 }, 6, 23).scale).toBe(23);
});

test('what is looked at comes to the middle of what nothing lies over', () => {
  const view = camera(390, 700);
  view.insets = { top: 80, bottom: 300, side: 8, right: 100 };
  view.moveTo(view.centred({ x: 100, y: 50, scale: 20 }));
  expect(view.toScreen(100, 50)).toEqual({ x: 145, y: 240 });
  expect(view.sees({ x: 100, y: 50 })).toBe(true);
  expect(view.sees({ x: 100, y: 70 })).toBe(false);
  view.moveTo(view.centred({ x: 200, y: 100, scale: 8 }));
  expect(view.toScreen(200, 100), 'the far corner too').toEqual({ x: 145, y: 240 });
  view.moveTo(view.fitted());
  expect(view.toScreen(0, 0).y).toBeGreaterThanOrEqual(80);
  expect(view.toScreen(200, 100).y).toBeLessThanOrEqual(400);
  expect(view.toScreen(200, 100).x).toBeLessThanOrEqual(290);
});

test('a flight arrives, and ends there', () => {
  const view = camera();
  const motion = new Motion(view);
  motion.fly({ x: 40, y: 20, scale: 20 }, 1000);
  expect(motion.advance(1100)).toBe(true);
  expect(view.scale).toBeGreaterThan(4);
  expect(view.scale).toBeLessThan(20);
  expect(motion.advance(1400)).toBe(false);
  expect(view).toMatchObject({ x: 40, y: 20, scale: 20 });
});

test('a drag goes on after the finger, and stops when it comes down again', () => {
  const view = camera();
  view.moveTo({ x: 100, y: 50, scale: 20 });
  const motion = new Motion(view);
  motion.glide({ x: 1, y: 0 }, 0);
  expect(motion.advance(16)).toBe(true);
  const { x } = view;
  expect(x).toBeLessThan(100);
  motion.stop();
  expect(motion.advance(32)).toBe(false);
  expect(view.x).toBe(x);
});
