import { expect, test } from 'vitest';
import { packMap, unpackMap } from './map-bytes.ts';

test('a map comes out of its bytes as it went in', () => {
  const map = Uint8Array.from([0b00_01_10_11, 255, 0]);
  const dated = { epoch: 7, version: 2 ** 40 + 3, capacity: 11, map };
  expect(unpackMap(packMap(dated).buffer)).toEqual(dated);
});

test('what is no map is not taken for one', () => {
  expect(unpackMap(new ArrayBuffer(0))).toBeNull();
  expect(unpackMap(new ArrayBuffer(23))).toBeNull();
  const page = new TextEncoder().encode('<!doctype html><html lang="en">');
  expect(unpackMap(page.buffer)).toBeNull();
});
