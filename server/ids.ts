import { randomBytes } from 'node:crypto';

const ALPHABET = '0123456789abcdefghijklmnopqrstuvwxyz';

/** 12 characters of [0-9a-z], 62 bits: enough for the catalogue and for holds, short enough for keys and links. */
export function newId(): string {
  let id = '';
  while (id.length < 12) {
    for (const byte of randomBytes(16)) {
      // 252 is the largest multiple of 36 in a byte: bytes above it would favour the first letters.
      if (byte < 252 && id.length < 12) id += ALPHABET[byte % 36];
    }
  }
  return id;
}
