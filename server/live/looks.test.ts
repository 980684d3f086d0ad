import { expect, test } from 'vitest';
import { crowdsOf } from './looks.ts';

const written = (at: number, own: Record<string, number>) => JSON.stringify({ at, own });

test('sections are told of from ten people on, counted over all nodes, in tens', () => {
  const nodes = { a: written(100_000, { floor: 6, circle: 31, box: 9 }), b: written(101_000, { floor: 7, circle: 3 }) };
  expect(crowdsOf(nodes, 102_000)).toEqual({ circle: 30, floor: 10 });
});

test('a node that has stopped is forgotten', () => {
  expect(crowdsOf({ a: written(100_000, { floor: 40 }) }, 114_999)).toEqual({ floor: 40 });
  expect(crowdsOf({ a: written(100_000, { floor: 40 }) }, 115_000)).toEqual({});
});

test('one more or one fewer is not seen', () => {
  const seen = (count: number) => crowdsOf({ a: written(0, { floor: count }) }, 0)['floor'];
  expect([9, 10, 11, 19, 20].map(seen)).toEqual([undefined, 10, 10, 10, 20]);
});
