import { error } from '@sveltejs/kit';
import { isLanguage } from '#domain/language.ts';
import { inTheme, withPictures } from '$lib/server/mail-preview.ts';
import type { PageServerLoad } from './$types';

/**
 * For whoever works on mails: every template with invented contents, beside the mails that were caught instead of sent.
 * In production there is no such page.
 */
export const load: PageServerLoad = async ({ locals, url }) => {
  const { config, inbox, mail } = locals.app;
  const forWorking = config.mode === 'development' || config.mode === 'demo' || inbox !== null;
  if (config.mode === 'production' || !forWorking) error(404, 'There is no such page.');
  const { names } = mail.samples;
  const wanted = url.searchParams.get('template');
  const template = names.find((name) => name === wanted);
  if (wanted !== null && template === undefined) error(404, 'There is no such template.');

  const asked = url.searchParams.get('language');
  const language = isLanguage(asked) ? asked : 'en';

  const mails = inbox?.list() ?? [];
  const id = url.searchParams.get('id');
  const caught = template ? null : id === null ? (mails[0] ?? null) : (inbox?.get(id) ?? null);
  if (id !== null && !template && caught === null) error(404, 'This mail is not here any more.');

  const sample = template ?? (caught ? null : (names[0] ?? null));
  const letter = sample && (await mail.samples.letter(sample, language));
  const html = letter ? withPictures(letter.html, letter.pictures) : (caught?.html ?? '');
  return {
    templates: names,
    catching: inbox !== null,
    mails: mails.map(({ id, to, subject, receivedAt }) => ({ id, to, subject, receivedAt })),
    open: {
      ...{ template: sample, language, id: caught?.id ?? null },
      subject: letter?.subject ?? caught?.subject ?? '',
      about: letter
        ? `Template with invented contents${letter.files ? `, with ${letter.files.map(({ filename }) => filename).join(', ')} attached` : ''}`
        : `from ${caught?.from ?? ''} to ${caught?.to.join(', ') ?? ''}`,
      ...{ light: inTheme(html, 'light'), dark: inTheme(html, 'dark') },
      text: letter?.text ?? caught?.text ?? ''
    }
  };
};
