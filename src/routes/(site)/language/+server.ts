import { redirect } from '@sveltejs/kit';
import { isLanguage } from '#domain/language.ts';
import { ownPath } from '$lib/components/next-path.ts';
import { keepLanguage } from '$lib/server/language.ts';
import type { RequestHandler } from './$types';

/** The switcher of every page: the choice is kept with this browser and with the account, and the page comes again. */
export const POST: RequestHandler = async (event) => {
  // What is no form has none of our fields.
  const form = await event.request.formData().catch(() => new FormData());
  const [language, next] = [form.get('language'), form.get('next')];
  if (isLanguage(language)) {
    keepLanguage(event, language);
    const { app, identity } = event.locals;
    if (identity.user) await app.ownAccount.chooseLanguage(identity.user, language);
  }
  redirect(303, ownPath(typeof next === 'string' ? next : null));
};
