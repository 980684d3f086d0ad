import { expect, test } from 'vitest';
import { USUAL_MIX } from './mix.ts';
import { planClients, type PlanOptions } from './plan.ts';

const options: PlanOptions = {
  ...{ buyers: 300, durationMs: 30_000, arrival: 'ramp', mix: USUAL_MIX, seed: 'a', thinkMs: 2000 }
};
const plan = (change: Partial<PlanOptions> = {}) => planClients({ ...options, ...change });

test('the same seed gives the same buyers, arrivals and clicks; another gives others', () => {
  expect(plan()).toEqual(plan());
  expect(plan({ seed: 'b' }).map(({ persona }) => persona)).not.toEqual(plan().map(({ persona }) => persona));
  expect(plan({ seed: 'b' })[0]?.clicks).not.toEqual(plan()[0]?.clicks);
});

test('on a ramp they come one after the other during the first third, and click after they have come', () => {
  const clients = plan();
  const arrivals = clients.map(({ arrives }) => arrives);
  expect(arrivals).toEqual([...arrivals].sort((a, b) => a - b));
  expect(Math.max(...arrivals)).toBeLessThan(10_000);
  expect(Math.max(...arrivals)).toBeGreaterThan(9800);
  for (const { arrives, clicks } of clients) expect(clicks.every((at) => at >= arrives)).toBe(true);
});

test('in a stampede everybody is there, and clicks, at the same moment', () => {
  const clicking = plan({ arrival: 'stampede' }).filter(({ persona }) => persona !== 'watcher');
  expect(clicking.every(({ arrives, clicks }) => arrives === 0 && clicks[0] === 0)).toBe(true);
});

test('clicks are as far apart as buyers think on average, and none is after the end', () => {
  const clicking = plan({ arrival: 'stampede' }).filter(({ persona }) => persona !== 'watcher');
  const clicks = clicking.flatMap((client) => client.clicks);
  expect(Math.max(...clicks)).toBeLessThan(30_000);
  const perBuyer = clicks.length / clicking.length;
  expect(perBuyer).toBeGreaterThan(14);
  expect(perBuyer).toBeLessThan(17);
});

test('watchers only watch', () => {
  const watchers = plan().filter(({ persona }) => persona === 'watcher');
  expect(watchers.length).toBeGreaterThan(0);
  expect(watchers.flatMap(({ clicks }) => clicks)).toEqual([]);
});
