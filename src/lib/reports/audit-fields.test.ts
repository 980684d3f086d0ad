import { afterEach, describe, expect, it } from 'vitest';
import { speakHere } from '#domain/language.ts';
import { fieldInWords } from './audit-fields.ts';

afterEach(() => {
  speakHere('en');
});

describe('the name of a field that is different', () => {
  it('is said in the language of the page, with all that it is a part of', () => {
    expect(fieldInWords('saleOpensAt')).toBe('Sale opens');
    speakHere('de');
    expect(fieldInWords('saleOpensAt')).toBe('Verkauf beginnt');
    expect(fieldInWords('venue city')).toBe('Spielstätte, Stadt');
    speakHere('hi');
    expect(fieldInWords('venue city')).toBe('स्थल, शहर');
  });

  it('leaves the name that a part was given as it is, also one that is a word of ours', () => {
    speakHere('de');
    expect(fieldInWords('tiers Front row price')).toBe('Preisgruppen, Front row, Preis');
    expect(fieldInWords('fees tax perTicket')).toBe('Gebühren, tax, Je Ticket');
    expect(fieldInWords('shows 2 title')).toBe('Vorstellungen, 2, Titel');
  });

  it('is shown as it is stored where nobody knows it, and where only a part of it is known', () => {
    speakHere('es');
    for (const field of ['scent', 'venue scent', 'tiers Stalls scent', '', 'constructor', 'Price'])
      expect(fieldInWords(field)).toBe(field);
  });
});
