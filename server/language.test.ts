import { setTimeout as wait } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { LANGUAGES } from '#domain/language.ts';
import { sign_in } from '#domain/messages/compiled/site.js';
import { speak } from './language.ts';

it('many are spoken to at once, each in their own language', async () => {
  const said = await Promise.all(
    Array.from({ length: 40 }, (_, n) =>
      speak(LANGUAGES[n % 4] ?? 'en', async () => {
        const words = [sign_in()];
        for (let turn = 0; turn < 3; turn++) {
          await wait((n * 7) % 5);
          words.push(sign_in());
        }
        return [...new Set(words)];
      })
    )
  );
  for (const [n, words] of said.entries()) expect(words).toEqual([sign_in({}, { locale: LANGUAGES[n % 4] ?? 'en' })]);
});

it('where nobody said a language, English is spoken', () => expect(sign_in()).toBe('Sign in'));
