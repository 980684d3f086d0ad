import { randomFillSync } from 'node:crypto';

const ALPHABET = '0123456789abcdefghijklmnopqrstuvwxyz';

/** Random bytes for many ids at once: asking for 16 at a time cost 6 µs an id, and every click makes one. */
const stock = Buffer.alloc(4096);
let used = stock.length;

function randomByte(): number {
  if (used === stock.length) {
    randomFillSync(stock);
    used = 0;
  }
  return stock[used++] ?? 0;
}

/** 12 characters of [0-9a-z], 62 bits: enough for the catalogue and for holds, short enough for keys and links. */
export function newId(): string {
  let id = '';
  while (id.length < 12) {
    const byte = randomByte();
    // 252 is the largest multiple of 36 in a byte: bytes above it would favour the first letters.
    if (byte < 252) id += ALPHABET[byte % 36];
  }
  return id;
}
