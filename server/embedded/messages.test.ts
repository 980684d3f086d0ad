import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { LANGUAGES, LOCALES } from '#domain/language.ts';

type Text = string | Record<string, Record<string, string>>;

const HERE = join(import.meta.dirname, '..', '..', 'src', 'lib', 'domain', 'messages');
const subjects = readdirSync(`${HERE}/en`).sort();
const read = (language: string, subject: string) =>
  JSON.parse(readFileSync(`${HERE}/${language}/${subject}`, 'utf8')) as Record<string, Text>;
const formsOf = (text: Text): string[] =>
  typeof text === 'string' ? [text] : Object.values(text).flatMap((counted) => Object.values(counted));
const parametersOf = (text: Text) =>
  [
    ...new Set([
      ...(typeof text === 'string' ? [] : Object.keys(text)),
      ...formsOf(text).flatMap((form) => [...form.matchAll(/\{([a-zA-Z]+)\}/g)].map(([, name]) => name))
    ])
  ].sort();

/** What is the same word in two languages. Each is a decision, not an oversight. */
const SAME: Readonly<Record<string, readonly string[]>> = JSON.parse(
  readFileSync(`${HERE}/same-as-english.json`, 'utf8')
) as Record<string, string[]>;

describe.each(LANGUAGES.filter((language) => language !== 'en'))('what is said in %s', (language) => {
  it('is all that is said in English, in the same files and the same order', () => {
    expect(readdirSync(`${HERE}/${language}`).sort()).toEqual(subjects);
    for (const subject of subjects)
      expect(Object.keys(read(language, subject)), subject).toEqual(Object.keys(read('en', subject)));
  });

  it('names the same parameters, and is empty nowhere', () => {
    for (const subject of subjects) {
      const [english, own] = [read('en', subject), read(language, subject)];
      for (const [key, text] of Object.entries(english)) {
        const named = `${subject} ${key}`;
        expect(parametersOf(own[key] ?? ''), named).toEqual(parametersOf(text));
        expect(
          formsOf(own[key] ?? '').every((form) => form.trim() !== ''),
          named
        ).toBe(true);
      }
    }
  });

  it('has every form that the language counts by, and no other', () => {
    const forms = new Intl.PluralRules(LOCALES[language]).resolvedOptions().pluralCategories;
    // Millions of seats are counted in no house: Spanish says "de asientos" of them.
    const needed = forms.filter((form) => form !== 'many').sort();
    for (const subject of subjects) {
      for (const [key, text] of Object.entries(read(language, subject))) {
        if (typeof text === 'string') continue;
        const has = Object.values(text).flatMap((counted) => Object.keys(counted));
        expect(has.filter((form) => !form.startsWith('=')).sort(), `${subject} ${key}`).toEqual(needed);
      }
    }
  });

  it('is not English', () => {
    const left: string[] = [];
    for (const subject of subjects) {
      const [english, own] = [read('en', subject), read(language, subject)];
      for (const [key, text] of Object.entries(english)) {
        const name = `${subject.replace('.json', '')}.${key}`;
        if (SAME[name]?.includes(language)) continue;
        // A text of nothing but parameters and signs has no language.
        if (
          !/\p{L}/u.test(
            formsOf(text)
              .join('')
              .replaceAll(/\{[a-zA-Z]+\}/g, '')
          )
        )
          continue;
        if (formsOf(own[key] ?? '').some((form) => formsOf(text).includes(form))) left.push(name);
      }
    }
    expect(left).toEqual([]);
  });
});

it('the list of words that are the same in two languages names nothing that is gone or differs', () => {
  const stale: string[] = [];
  for (const [name, languages] of Object.entries(SAME)) {
    const [subject = '', key = ''] = name.split('.');
    const english = formsOf(read('en', `${subject}.json`)[key] ?? '');
    for (const language of languages) {
      const own = formsOf(read(language, `${subject}.json`)[key] ?? '');
      if (!own.some((form) => english.includes(form))) stale.push(`${name} ${language}`);
    }
  }
  expect(stale).toEqual([]);
});
