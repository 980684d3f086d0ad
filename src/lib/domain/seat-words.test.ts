import { describe, expect, it } from 'vitest';
import { generatePlan } from './generate-plan.ts';
import { LANGUAGES } from './language.ts';
import { nameSeats } from './plan.ts';
import { seatInWords, seatsInWords } from './seat-words.ts';

describe('the name of a seat', () => {
  it('is in English as tickets keep it', () => {
    for (const { label } of nameSeats(generatePlan(1350))) expect(seatInWords(label)).toBe(label);
    expect(seatInWords('Floor, standing')).toBe('Floor, standing');
  });

  it('is said in the language of who reads it, whatever the section is called', () => {
    const said = (label: string) => LANGUAGES.map((locale) => seatInWords(label, { locale }));
    expect(said('Stalls, row F, seat 7')).toEqual([
      'Stalls, row F, seat 7',
      'Stalls, Reihe F, Platz 7',
      'Stalls, fila F, butaca 7',
      'Stalls, पंक्ति F, सीट 7'
    ]);
    expect(said('Loge, row 2, row AA, seat 12b')[1]).toBe('Loge, row 2, Reihe AA, Platz 12b');
    expect(said('Floor, standing')[1]).toBe('Floor, Stehplatz');
    expect(new Set(said('Seat 4'))).toEqual(new Set(['Seat 4']));
  });

  it('is said of several in one line', () => {
    const seats = [{ label: 'Stalls, row F, seat 7' }, { label: 'Floor, standing' }];
    expect(seatsInWords(seats)).toBe('Stalls, row F, seat 7; Floor, standing');
  });
});
