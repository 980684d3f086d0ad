import { describe, expect, it } from 'vitest';
import { signatureHolds, signBody } from './signature.ts';

const key = 'the key of the sandbox';
const body = Buffer.from('{"amount":4200}');
const now = Date.UTC(2026, 11, 12);

describe('the signature of a webhook', () => {
  it('holds for the very bytes that were signed', () => {
    expect(signatureHolds(key, body, signBody(key, body, now), now)).toBe(true);
  });

  it('fails when a single byte of the body, the time or the mac is changed', () => {
    const header = signBody(key, body, now);
    for (let at = 0; at < body.length; at++) {
      const changed = Buffer.from(body);
      changed[at] = (changed[at] ?? 0) ^ 1;
      expect(signatureHolds(key, changed, header, now)).toBe(false);
    }
    const later = header.replace(/^t=(\d+)/, (_, t: string) => `t=${Number(t) + 1}`);
    expect(signatureHolds(key, body, later, now)).toBe(false);
    const flipped = header.slice(0, -1) + (header.endsWith('0') ? '1' : '0');
    expect(signatureHolds(key, body, flipped, now)).toBe(false);
  });

  it('fails under another key, and without a header of the right shape', () => {
    expect(signatureHolds('another key', body, signBody(key, body, now), now)).toBe(false);
    for (const header of [null, '', 't=1', 'v1=00', 't=x,v1=y', `${signBody(key, body, now)},v1=00`])
      expect(signatureHolds(key, body, header, now)).toBe(false);
  });

  it('holds for 300 seconds and not a second longer, on either side', () => {
    const header = signBody(key, body, now);
    for (const seconds of [-300, 300]) expect(signatureHolds(key, body, header, now + seconds * 1000)).toBe(true);
    for (const seconds of [-301, 301]) expect(signatureHolds(key, body, header, now + seconds * 1000)).toBe(false);
  });
});
