import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createBuyerTokens } from './buyer-token.ts';

describe('a guest’s buyer token', () => {
  const tokens = createBuyerTokens('a secret of at least thirty-two characters');

  it('names the buyer it was issued to', () => {
    const { buyer, token } = tokens.issue();
    expect(buyer).toMatch(/^g_[\w-]{24}$/);
    expect(tokens.verify(token)).toBe(buyer);
  });

  it('is worth nothing when a character is changed, or under another secret', () => {
    const { token } = tokens.issue();
    fc.assert(
      fc.property(fc.nat(token.length - 1), fc.constantFrom('A', '0', '_', '.', '-', 'é'), (at, letter) => {
        fc.pre(token[at] !== letter);
        expect(tokens.verify(token.slice(0, at) + letter + token.slice(at + 1))).toBeNull();
      })
    );
    expect(createBuyerTokens('another secret of thirty-two characters..').verify(token)).toBeNull();
  });

  it('cannot be made up', () => {
    fc.assert(fc.property(fc.string(), (token) => tokens.verify(token) === null));
    expect(tokens.verify('u_0b9c.AAAA')).toBeNull();
    expect(tokens.verify(`${tokens.issue().buyer}.`)).toBeNull();
  });
});
