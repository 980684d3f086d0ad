import { expect, test } from 'vitest';
import { createCollector } from './collect.ts';
import { percentileMs } from './percentile.ts';
import { readHistogram, Tally, type Sample } from './tally.ts';

const sampleOf = (tally: Tally, more: Partial<Sample> = {}): Sample => ({
  ...tally.take(),
  frames: [],
  clicks: [],
  seats: null,
  ...more
});

test('a click that could not be made in time counts from when it was meant', () => {
  const tally = new Tally();
  // Meant every 100 ms. The first answer took a second, so nine were sent late and then answered in 1 ms each.
  tally.click('hold', 0, 0, 1000);
  for (let n = 1; n < 10; n++) tally.click('hold', n * 100, 1000 + n, 1001 + n);
  const { times } = tally.take();
  const [meant, sent] = ['hold', 'hold answered'].map((name) => readHistogram(times[name] ?? ''));
  expect(percentileMs(sent, 50)).toBeLessThan(1.1);
  expect(percentileMs(meant, 50)).toBeGreaterThan(500);
  expect(percentileMs(meant, 50)).toBeLessThan(620);
});

test('a click that is made before its time is not credited for it', () => {
  const tally = new Tally();
  tally.click('hold', 50, 40, 45);
  expect(percentileMs(readHistogram(tally.take().times['hold'] ?? ''), 100)).toBeCloseTo(5, 0);
});

test('what a correct client may hear is a refusal; anything else is an error', () => {
  const tally = new Tally();
  tally.refused('hold', 'SEAT_TAKEN', 'taken');
  tally.refused('hold', 'INVALID', 'not well formed');
  tally.error('connect', 'refused');
  const { refusals, errors, details } = tally.take();
  expect(refusals).toEqual({ SEAT_TAKEN: 1 });
  expect(errors).toEqual({ 'hold: INVALID': 1, connect: 1 });
  expect(details).toEqual(['hold: INVALID: not well formed', 'connect: refused']);
  expect(tally.take().errors).toEqual({});
});

test('processes are added up, second by second', () => {
  const [one, other] = [new Tally(), new Tally()];
  one.count('holds', 3);
  one.time('hold', 10);
  other.count('holds', 2);
  other.time('hold', 30);
  one.connected = 5;
  const collector = createCollector();
  expect(collector.second(1, 0, [sampleOf(one), sampleOf(other)])).toMatchObject({ holds: 5, connected: 5 });
  expect(collector.totals.times.get('hold')?.totalCount).toBe(2);
  expect(collector.totals.seconds).toHaveLength(1);
});

test('everyone has seen a click when the last socket of all processes has its frame', () => {
  const collector = createCollector();
  const tally = new Tally();
  const clicked = sampleOf(tally, { clicks: [['1-7', 1000]], frames: [['1-7', 1100]] });
  const elsewhere = sampleOf(tally, { frames: [['1-7', 1250]] });
  // It may still reach somebody.
  expect(collector.second(1, 2000, [clicked, elsewhere]).everyoneP99).toBeNull();
  expect(collector.second(5, 6000, []).everyoneP99).toBeCloseTo(250, -1);
});
