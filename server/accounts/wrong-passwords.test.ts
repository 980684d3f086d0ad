import { describe, expect, it } from 'vitest';
import { createWrongPasswords } from './wrong-passwords.ts';

function slowed() {
  let time = 1_000_000;
  const wrong = createWrongPasswords(() => time);
  return { wrong, pass: (seconds: number) => (time += seconds * 1000) };
}

describe('wrong passwords', () => {
  it('are free five times, then cost waits that double, up to a quarter of an hour', () => {
    const { wrong, pass } = slowed();
    for (let n = 0; n < 5; n++) expect(wrong.tried('ada', null)).toBe(0);
    const waits: number[] = [];
    for (let n = 0; n < 14; n++) {
      expect(wrong.tried('ada', null)).toBe(0);
      const wait = wrong.tried('ada', null);
      waits.push(wait);
      pass(wait);
    }
    expect(waits).toEqual([1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900, 900, 900]);
  });

  it('of one account from fifty networks are counted together', () => {
    const { wrong } = slowed();
    const let_in = Array.from({ length: 100 }, (_, n) => wrong.tried('ada', `203.0.113.${n % 50}`));
    expect(let_in.filter((wait) => wait === 0)).toHaveLength(6);
  });

  it('of many accounts from one network are counted together', () => {
    const { wrong } = slowed();
    const let_in = Array.from({ length: 200 }, (_, n) => wrong.tried(`user${n}`, '203.0.113.7'));
    expect(let_in.filter((wait) => wait === 0)).toHaveLength(51);
    expect(wrong.tried('somebody', '198.51.100.1')).toBe(0);
  });

  it('do not keep out the owner, who has signed in from home before', () => {
    const { wrong } = slowed();
    expect(wrong.tried('ada', '198.51.100.1')).toBe(0);
    wrong.right('ada', '198.51.100.1');
    for (let n = 0; n < 50; n++) wrong.tried('ada', '203.0.113.7');
    expect(wrong.tried('ada', '192.0.2.1')).toBeGreaterThan(0);
    expect(wrong.tried('ada', '198.51.100.1')).toBe(0);
  });

  it('are forgotten once the right one comes', () => {
    const { wrong, pass } = slowed();
    for (let n = 0; n < 8; n++) pass(wrong.tried('ada', null));
    pass(900);
    expect(wrong.tried('ada', null)).toBe(0);
    wrong.right('ada', null);
    for (let n = 0; n < 5; n++) expect(wrong.tried('ada', null)).toBe(0);
  });

  it('do not slow a crowd behind one address that signs in rightly', () => {
    const { wrong } = slowed();
    for (let n = 0; n < 500; n++) {
      expect(wrong.tried(`user${n}`, '203.0.113.7')).toBe(0);
      wrong.right(`user${n}`, '203.0.113.7');
    }
  });
});
