import { describe, expect, it } from 'vitest';
import { asScript, showData, type SharedEvent, type SharedShow } from './event-data.ts';

const event: SharedEvent = { title: 'Lear', kind: 'theatre', description: 'An old king.', picture: '/pictures/a.jpg' };
const show: SharedShow = {
  ...{ id: 'abc', startsAt: '2026-12-12T18:30:00.000Z', currency: 'EUR', priceFrom: 1250, available: 3, sale: 'open' },
  ...{ venue: { name: 'Opera', room: 'Studio', city: 'Berlin' }, cancelled: null }
};
const of = (changes: Partial<SharedShow>) => showData(event, { ...show, ...changes }, 'https://tickets.example');

describe('what search engines are told of a show', () => {
  it('is where it is, when, and what it costs', () => {
    expect(of({})).toMatchObject({
      '@type': 'TheaterEvent',
      name: 'Lear',
      startDate: '2026-12-12T18:30:00.000Z',
      url: 'https://tickets.example/shows/abc',
      image: ['https://tickets.example/shows/abc/picture.png', 'https://tickets.example/pictures/a.jpg'],
      location: { name: 'Opera, Studio', address: { addressLocality: 'Berlin' } },
      eventStatus: 'https://schema.org/EventScheduled',
      offers: { lowPrice: '12.50', priceCurrency: 'EUR', availability: 'https://schema.org/InStock' }
    });
  });

  it('knows currencies without cents, and with three digits of them', () => {
    expect(of({ currency: 'JPY' }).offers?.lowPrice).toBe('1250');
    expect(of({ currency: 'KWD' }).offers?.lowPrice).toBe('1.250');
  });

  it('says sold out, paused and cancelled', () => {
    expect(of({ available: 0 }).offers?.availability).toBe('https://schema.org/SoldOut');
    expect(of({ sale: 'paused' }).offers?.availability).toBe('https://schema.org/OutOfStock');
    expect(of({ cancelled: { reason: 'Flu' } })).toMatchObject({ eventStatus: 'https://schema.org/EventCancelled' });
    expect(of({ cancelled: { reason: 'Flu' } }).offers).toBeUndefined();
  });

  it('cannot end its script element', () => {
    const text = asScript({ title: '</script><script>alert(1)//' });
    expect(text).not.toContain('<');
    expect(JSON.parse(text)).toEqual({ title: '</script><script>alert(1)//' });
  });
});
