import { describe, expect, it } from 'vitest';
import { LANGUAGES, speakHere, type Language } from '#domain/language.ts';
import { wrongAt } from '$lib/forms/wrong-words.ts';
import { eventForm } from './event-form.ts';
import { tokenForm } from './token-form.ts';
import { venueForm } from './venue-form.ts';
import { newWebhookForm } from './webhook-form.ts';
import { knowDeskWords, wrongInWords } from './wrong-words.ts';

knowDeskWords();

function speak(language: Language, work: () => void) {
  speakHere(language);
  try {
    work();
  } finally {
    speakHere('en');
  }
}

describe('what is wrong with a field of the desk', () => {
  it('is said in the language of the page, with its numbers', () => {
    expect(wrongAt('Tags', 'must be at most 12')).toBe('Tags must be at most 12');
    speak('de', () => {
      expect(wrongAt('Stichwörter', 'must be at most 12')).toBe('Stichwörter: höchstens 12');
      expect(wrongAt('Preis', 'must be at most 200 %')).toBe('Preis: höchstens 200 %');
      expect(wrongAt('Uhrzeiten', '02:30 does not exist there on 2026-03-29: the clocks go forward')).toBe(
        'Uhrzeiten: 02:30 gibt es dort am 2026-03-29 nicht: Die Uhren werden vorgestellt'
      );
    });
  });

  it('is said in English where nobody has translated it', () => {
    speak('es', () => {
      expect(wrongAt('Salas', 'smells of paint')).toBe('Salas smells of paint');
    });
  });

  it('is known for all that these forms can find', () => {
    const long = 'x'.repeat(301);
    const given = { title: long, performers: '\u0007', description: '', durationMin: '0.5', rating: long, tags: 'a,A' };
    const forms = [
      ...[eventForm, tokenForm, venueForm, newWebhookForm].map((form) => form.schema.safeParse({})),
      ...[eventForm.schema.safeParse(given), eventForm.schema.safeParse({ ...given, durationMin: 'x', tags: long })],
      newWebhookForm.schema.safeParse({ name: long, url: 'ftp://somewhere' }),
      venueForm.schema.safeParse({ name: long, country: 'Germany', timeZone: 'Here', rooms: 'A\na' })
    ];
    const wrong = forms.flatMap(({ error }) => error?.issues.map(({ message }) => message) ?? []);
    expect(wrong.length).toBeGreaterThan(15);
    for (const language of LANGUAGES.filter((one) => one !== 'en')) {
      speak(language, () => {
        expect(wrong.filter((message) => wrongInWords('', message) === undefined)).toEqual([]);
      });
    }
  });
});
