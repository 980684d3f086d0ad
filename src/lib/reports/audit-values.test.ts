import { afterEach, describe, expect, it } from 'vitest';
import { formatMoney } from '#domain/money.ts';
import { speakHere } from '#domain/language.ts';
import { showTime } from '#domain/time.ts';
import { changesInWords } from './audit-values.ts';

const ZONE = 'Asia/Kolkata';
/** What one field reads as, before and after. */
const said = (field: string, before: string | null, after: string | null) => {
  const [one] = changesInWords([{ field, before, after }], ZONE);
  return [one?.before, one?.after];
};

afterEach(() => {
  speakHere('en');
});

describe('the values that are different', () => {
  it('are said as the desk says them, in the language of the page', () => {
    expect(said('active', 'true', 'false')).toEqual(['yes', 'no']);
    expect(said('sale', 'open', 'paused')).toEqual(['open', 'paused']);
    speakHere('de');
    expect(said('active', 'true', 'false')).toEqual(['ja', 'nein']);
    expect(said('suspended', null, 'true')).toEqual([null, 'ja']);
    expect(said('sale', 'open', 'closed')).toEqual(['offen', 'geschlossen']);
    expect(said('kind', 'movie', 'theatre')).toEqual(['Film', 'Theater']);
    speakHere('es');
    expect(said('active', 'true', 'false')).toEqual(['sí', 'no']);
    speakHere('hi');
    expect(said('active', 'true', 'false')).toEqual(['हाँ', 'नहीं']);
    for (const [field, value] of [
      ['role', 'admin'],
      ['status', 'CONFIRMED'],
      ['refund', 'FAILED'],
      ['level', 'warning']
    ] as const)
      expect(said(field, null, value)[1], field).toMatch(/\p{Script=Devanagari}/u);
  });

  it('are moments by the clock of the list, unless that would not tell them apart', () => {
    const [six, seven] = ['2026-12-12T18:00:00.000Z', '2026-12-12T19:00:00.000Z'];
    expect(said('startsAt', six, seven)).toEqual([showTime(six, ZONE), showTime(seven, ZONE)]);
    expect(said('cancelled at', null, six)).toEqual([null, showTime(six, ZONE)]);
    const later = '2026-12-12T18:00:20.000Z';
    expect(said('updatedAt', six, later)).toEqual([six, later]);
  });

  it('are money where the line says in which currency', () => {
    const price = { field: 'tiers Front row price', before: null, after: '150000' };
    const currency = { field: 'currency', before: null, after: 'INR' };
    const made = changesInWords([currency, price], ZONE);
    expect(made[1]?.after).toBe(formatMoney({ amount: 150_000, currency: 'INR' }));
    expect(changesInWords([price], ZONE)).toEqual([price]);
  });

  it('are as they are stored where nobody knows them', () => {
    speakHere('de');
    for (const [field, value] of [
      ['title', 'true'],
      ['text', '2026-12-12T18:00:00.000Z'],
      ['off kind', 'other'],
      ['active', 'constructor'],
      ['sale', 'frozen'],
      ['role', 'usher'],
      ['reason', 'Rain'],
      ['startsAt', 'soon'],
      ['constructor', 'true']
    ] as const)
      expect(said(field, value, null), field).toEqual([value, null]);
  });
});
