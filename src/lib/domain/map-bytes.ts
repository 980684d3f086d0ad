import type { WatchAnswer } from './protocol.ts';

/** A map with its place in time, as one piece of bytes: three numbers of eight bytes each, and the map behind them. */
export type DatedMap = Required<Pick<WatchAnswer, 'epoch' | 'version' | 'capacity'>> & { map: Uint8Array };

const HEAD_BYTES = 24;

export function packMap({ epoch, version, capacity, map }: DatedMap): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(HEAD_BYTES + map.length);
  const head = new DataView(bytes.buffer);
  [epoch, version, capacity].forEach((value, n) => head.setFloat64(8 * n, value));
  bytes.set(map, HEAD_BYTES);
  return bytes;
}

/** Null for bytes that are no map. */
export function unpackMap(bytes: ArrayBuffer): DatedMap | null {
  if (bytes.byteLength < HEAD_BYTES) return null;
  const head = new DataView(bytes);
  const [epoch, version, capacity] = [head.getFloat64(0), head.getFloat64(8), head.getFloat64(16)];
  if (![epoch, version, capacity].every((value) => Number.isSafeInteger(value) && value >= 0)) return null;
  return { epoch, version, capacity, map: new Uint8Array(bytes, HEAD_BYTES) };
}
