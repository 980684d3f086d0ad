import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createTicketCodes } from './ticket-code.ts';

const SECRET = 'a secret of more than thirty-two characters';
const codes = createTicketCodes([SECRET]);

describe('a ticket code', () => {
  it('names its ticket to whoever has the key', () => {
    fc.assert(
      fc.property(fc.uuid(), (id) => {
        expect(codes.verify(codes.sign(id))).toBe(id);
      })
    );
  });

  it('is refused after any change of a single bit', () => {
    const code = codes.sign(randomUUID());
    for (let at = 0; at < code.length; at++) {
      for (let bit = 0; bit < 7; bit++) {
        const changed = Buffer.from(code);
        changed[at] = (changed[at] ?? 0) ^ (1 << bit);
        expect(codes.verify(changed.toString('latin1')), `bit ${bit} of character ${at}`).toBeNull();
      }
    }
  });

  it('cannot be put together from two tickets', () => {
    const [first, second] = [codes.sign(randomUUID()), codes.sign(randomUUID())];
    const mixed = [...first.split('.').slice(0, 3), second.split('.')[3]].join('.');
    expect(codes.verify(mixed)).toBeNull();
  });

  it('is refused when it is cut, longer, empty or of another key', () => {
    const code = codes.sign(randomUUID());
    const foreign = createTicketCodes([`${SECRET}!`]).sign(randomUUID());
    for (const bad of ['', 'FH1', code.slice(0, -1), `${code}A`, ` ${code}`, `${code}\n`, code.toLowerCase(), foreign])
      expect(codes.verify(bad)).toBeNull();
  });

  it('stays good when the secret is changed and the old one is kept for reading', () => {
    const id = randomUUID();
    const old = codes.sign(id);
    const renewed = createTicketCodes([`${SECRET} renewed`, SECRET]);
    expect(renewed.verify(old)).toBe(id);
    expect(renewed.verify(renewed.sign(id))).toBe(id);
    expect(renewed.sign(id)).not.toBe(old);
    expect(createTicketCodes([`${SECRET} renewed`]).verify(old)).toBeNull();
  });
});
