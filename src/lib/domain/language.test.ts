import { describe, expect, it } from 'vitest';
import { acceptedLanguage, chooseLanguage } from './language.ts';
import * as m from './messages/compiled/site.js';
import { formatMoney } from './money.ts';
import { showTime } from './time.ts';

describe('the language somebody is spoken to in', () => {
  it('is what their browser likes best of ours', () => {
    expect(acceptedLanguage('de-AT,de;q=0.9,en;q=0.8')).toBe('de');
    expect(acceptedLanguage('fr,es;q=0.5,de;q=0.7')).toBe('de');
    expect(acceptedLanguage('en;q=0.5, hi-IN')).toBe('hi');
    expect(acceptedLanguage('en-GB, de')).toBe('en');
  });

  it('is none of ours for who reads others, and for what is no header', () => {
    for (const header of ['fr', '*', '', 'de;q=0', ';;;,,,', 'q=1', null, undefined, 'de,'.repeat(500)])
      expect(acceptedLanguage(header), String(header)).toBeNull();
  });

  it('is what they chose here, then what they chose elsewhere, then what their browser asks for, then English', () => {
    expect(chooseLanguage({ cookie: 'es', account: 'de', accepted: 'hi' })).toBe('es');
    expect(chooseLanguage({ cookie: 'klingon', account: 'de', accepted: 'hi' })).toBe('de');
    expect(chooseLanguage({ cookie: null, account: null, accepted: 'hi' })).toBe('hi');
    expect(chooseLanguage({ accepted: 'fr' })).toBe('en');
  });
});

describe('a language', () => {
  it('writes money and times in its own way', () => {
    const price = { amount: 12_345_650, currency: 'EUR' };
    expect(formatMoney(price, 'en')).toBe('€123,456.50');
    expect(formatMoney(price, 'de')).toBe('123.456,50\u00a0€');
    expect(formatMoney({ amount: 12_345_600, currency: 'INR' }, 'hi')).toBe('₹1,23,456');
    const start = '2026-12-12T14:00:00Z';
    expect(showTime(start, 'Asia/Kolkata', 'en')).toBe('Sat 12 December 2026 · 19:30 (Kolkata time)');
    expect(showTime(start, 'Asia/Kolkata', 'de')).toBe('Sa., 12. Dezember 2026 · 19:30 (Ortszeit Kolkata)');
    expect(showTime(start, 'Asia/Kolkata', 'hi')).toMatch(/^शनि, 12 दिसंबर 2026 · 19:30 \(Kolkata का समय\)$/);
  });

  it('is said aloud by name where nobody speaks', () => {
    expect(m.account_of({ name: 'Ada' }, { locale: 'de' })).toBe('Konto von Ada');
    expect(m.account_of({ name: 'Ada' })).toBe('Account of Ada');
  });
});
