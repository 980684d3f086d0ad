import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { pricingFields, promoBody, promoPatch } from './pricing.ts';

const pricing = z.strictObject(pricingFields);
const wrong = (schema: z.ZodType, given: unknown) =>
  (schema.safeParse(given).error?.issues ?? []).map(({ path, message }) => `${path.join('.')} ${message}`);
const rest = { fees: [], tax: null };

describe('ticket types', () => {
  it('are named by what they are called, in any script', () => {
    const types = [
      { name: 'Adult', share: 10_000 },
      { name: 'Über 65', price: 900 },
      { name: '学生', share: 5000 }
    ];
    const read = pricing.parse({ ticketTypes: types, ...rest }).ticketTypes;
    expect(read.map(({ id }) => id)).toEqual(['adult', 'uber-65', 'type-5b66751f']);
    // Sent back as they were read, they are the same.
    expect(pricing.parse({ ticketTypes: read, ...rest }).ticketTypes).toEqual(read);
  });

  it('cost a share or an amount, not both and not neither, and are not named twice', () => {
    const both = { name: 'Child', share: 1, price: 1 };
    expect(wrong(pricing, { ticketTypes: [both], ...rest })).toEqual([
      expect.stringMatching(/^ticketTypes.0.share must be/)
    ]);
    expect(wrong(pricing, { ticketTypes: [{ name: 'Child' }], ...rest })).toHaveLength(1);
    const twice = [
      { name: 'Child', share: 1 },
      { name: 'child', price: 2 }
    ];
    expect(wrong(pricing, { ticketTypes: twice, ...rest })).toEqual(['ticketTypes names one twice']);
    expect(wrong(pricing, { ticketTypes: [{ name: 'Child', price: -1 }], ...rest })).toHaveLength(1);
  });
});

describe('a promo code', () => {
  it('is the same in small letters and with spaces around it', () => {
    expect(promoBody.parse({ code: ' spring-26 ', off: { share: 1000 } })).toMatchObject({
      ...{ code: 'SPRING-26', shows: null, usesMax: null, active: true }
    });
    for (const code of ['AB', 'A B C', '-ABC', 'ÄÖÜ', 'A'.repeat(33)]) {
      expect(wrong(promoBody, { code, off: { share: 1000 } })).toHaveLength(1);
    }
  });

  it('takes off a share, or an amount in its currency', () => {
    const off = (given: object) => wrong(promoBody, { code: 'ABC', off: given });
    expect(off({ share: 10_000 })).toEqual([]);
    expect(off({ amount: 500, currency: 'KWD' })).toEqual([]);
    for (const given of [
      {},
      { share: 0 },
      { share: 10_001 },
      { amount: 500 },
      { share: 1, amount: 1, currency: 'EUR' }
    ]) {
      expect(off(given)).toHaveLength(1);
    }
  });

  it('is left as it is by a patch of nothing, and never renamed', () => {
    expect(promoPatch.parse({})).toEqual({});
    expect(wrong(promoPatch, { code: 'OTHER' })).toHaveLength(1);
  });
});
