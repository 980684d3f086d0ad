import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { speakHere } from '#domain/language.ts';
import { line, minorUnits } from '#domain/field.ts';
import { moveQuoteBody } from '#domain/move.ts';
import { detailsInLanguage, inLanguage, parseInLanguage } from './in-language.ts';

beforeEach(() => {
  speakHere('de');
});
afterEach(() => {
  speakHere('en');
});

const wrongIn = (schema: z.ZodType, given: unknown) => {
  const { error } = parseInLanguage(schema, given);
  return detailsInLanguage({ errors: error?.issues.map(({ path, message }) => ({ path: path.join('.'), message })) });
};

describe('what the API says is wrong', () => {
  it('is in the language that was asked for: our words, and those of the library that checks', () => {
    const body = z.object({ name: line(3), price: minorUnits, age: z.number() });
    expect(wrongIn(body, { name: 'long', price: -1, age: '7' })).toEqual({
      errors: [
        { path: 'name', message: 'höchstens 3 Zeichen' },
        { path: 'price', message: 'darf nicht negativ sein' },
        { path: 'age', message: 'Ungültige Eingabe: erwartet Zahl, erhalten string' }
      ]
    });
    speakHere('hi');
    expect(wrongIn(body, { name: 'a', price: 0.5, age: 1 })).toEqual({
      errors: [{ path: 'price', message: 'पूरी सबसे छोटी इकाइयाँ होनी चाहिए' }]
    });
    speakHere('en');
    expect(JSON.stringify(wrongIn(body, { name: 'long', price: 1, age: '7' }))).toMatch(
      /must have at most 3 characters.*expected number, received string/
    );
  });

  it('is so too of the seats that a booking is moved to', () => {
    expect(wrongIn(moveQuoteBody, { from: [1, 2], to: [3] })).toMatchObject({
      errors: [{ message: 'müssen so viele Plätze sein, wie umgebucht werden' }]
    });
  });

  it('is said with its own figures, and of a sentence for programs as well', () => {
    expect(inLanguage('This API token lacks the scope desk. (See it all.)')).toBe(
      'Diesem API-Token fehlt das Recht desk. (See it all.)'
    );
    expect(inLanguage('The body is not well-formed JSON.')).toBe('Der Inhalt ist kein wohlgeformtes JSON.');
  });

  it('stays as it is where it is in the language already, and where nobody knows it', () => {
    const details = { errors: [{ path: 'from', message: 'müssen andere Plätze sein' }], version: 3 };
    expect(detailsInLanguage(details)).toEqual(details);
    expect(inLanguage('smells of paint')).toBe('smells of paint');
    for (const other of [{}, { errors: 'none' }, { seats: [1] }]) expect(detailsInLanguage(other)).toBe(other);
  });
});
