import { afterEach, expect, it } from 'vitest';
import { speakHere } from './language.ts';
import { keptInWords } from './kept-words.ts';

afterEach(() => {
  speakHere('en');
});

it('what was kept in English is said in the language of the reader', () => {
  expect(keptInWords('It answered 503.')).toBe('It answered 503.');
  speakHere('de');
  expect(keptInWords('It answered 503.')).toBe('Die Antwort war 503.');
  expect(keptInWords('It answered 307, and redirects are not followed.')).toBe(
    'Die Antwort war 307, und Weiterleitungen wird nicht gefolgt.'
  );
  expect(keptInWords('No answer within 0.2 seconds.')).toBe('Keine Antwort innerhalb von 0.2 Sekunden.');
  speakHere('hi');
  expect(keptInWords('the gateway refused')).toBe('गेटवे ने मना किया');
});

it('what a server of others said stays in its own words, and is quoted', () => {
  speakHere('de');
  expect(keptInWords('The mail server said: 550 5.1.1 No such user here')).toBe(
    'Der Mailserver sagte: „550 5.1.1 No such user here“'
  );
  expect(keptInWords('the gateway said: Your account is restricted.')).toBe(
    'der Zahlungsdienst sagte: „Your account is restricted.“'
  );
});

it('what a person typed stays as it is', () => {
  speakHere('es');
  expect(keptInWords('A camera needs the place')).toBe('A camera needs the place');
});
