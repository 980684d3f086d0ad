import { describe, expect, it } from 'vitest';
import { LANGUAGES } from '#domain/language.ts';
import { outboxKinds } from '../booking/outbox.ts';
import { createSamples } from './samples.ts';

const samples = createSamples('https://tickets.example');
const inEach = LANGUAGES.flatMap((language) => samples.names.map((name) => ({ name, language })));

describe('the samples of mails', () => {
  it('has one for each kind of mail that is sent', () => {
    const kinds = Object.keys(outboxKinds).filter((kind) => kind.startsWith('mail.'));
    expect(samples.names).toEqual(expect.arrayContaining(kinds.map((kind) => kind.slice('mail.'.length))));
  });

  it.each(inEach)(
    '$name in $language says the same in HTML and in text, and fetches nothing',
    async ({ name, language }) => {
      const { subject, html, text, pictures } = await samples.letter(name, language);
      expect(subject).toMatch(/^[^\r\n]{5,}$/);
      const words = html
        .replaceAll(/<\/?(?:strong|s)\s*>/g, '')
        .replaceAll(/<[^>]*>/g, ' ')
        .replaceAll('&amp;', '&')
        .replaceAll(/\s+/g, ' ');
      for (const said of text.split('\n').filter((line) => line !== '' && !/https?:|:/.test(line)))
        expect(words).toContain(said.trim().replaceAll(/\s+/g, ' '));
      for (const link of html.matchAll(/href="([^"]+)"/g)) expect(text).toContain(link[1]?.replaceAll('&amp;', '&'));
      const carried = pictures?.map(({ cid }) => `cid:${cid}`) ?? [];
      expect([...html.matchAll(/src="([^"]*)"/g)].map(([, source]) => source)).toEqual(carried);
      expect(html).not.toMatch(/url\(|<script|<link/);
    }
  );

  it.each(samples.names)('%s has no colour that stays as it is in the dark, but what is on white', async (name) => {
    const { html } = await samples.letter(name, 'en');
    // Every element with colours of its own also has a class that the dark theme changes; a QR code stays on white.
    for (const [tag] of html.matchAll(/<[a-z1-6]+[^>]*style="[^"]*(?:color|background):\s*#[^"]*"[^>]*>/g)) {
      if (tag.startsWith('<img')) continue;
      expect(tag).toMatch(/class="[^"]*\b(house|stage|ink|soft|line|button|accent)\b/);
    }
  });
});
