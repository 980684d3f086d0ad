import type { RequestEvent } from '@sveltejs/kit';
import { chooseLanguage, directionOf, type Language } from '#domain/language.ts';
import type { Identity } from '../../../server/accounts/accounts.ts';

const COOKIE = 'fullhouse_language';
const YEAR_S = 365 * 24 * 3600;
/** The seat map on another site has no cookies: it is told its language by the address. */
const FRAMED = /^\/embed\/shows\//;

/** The language a visitor is spoken to in. A program that brings a token of its own is asked for it by its header alone. */
export function chosenLanguage({ cookies, request, url }: RequestEvent, { language, apiToken }: Identity): Language {
  const accepted = request.headers.get('accept-language');
  if (apiToken || request.headers.has('authorization')) return chooseLanguage({ accepted });
  if (FRAMED.test(url.pathname)) return chooseLanguage({ cookie: url.searchParams.get('lang'), accepted });
  return chooseLanguage({ cookie: cookies.get(COOKIE), account: language, accepted });
}

/** Not for servers alone: what a phone shows without a network is in the chosen language too. */
export function keepLanguage({ cookies, locals }: RequestEvent, language: Language): void {
  const secure = locals.app.config.origin.startsWith('https:');
  cookies.set(COOKIE, language, { path: '/', httpOnly: false, sameSite: 'lax', secure, maxAge: YEAR_S });
}

/** A page says its language before its first word. */
export const withLanguage = (html: string, language: Language) =>
  html.replace('%lang%', language).replace('%dir%', directionOf(language));

/** One address has a page for each language, so whoever keeps pages must know what they go by. */
export function variesByLanguage(response: Response): Response {
  if (!response.headers.get('content-type')?.startsWith('text/html')) return response;
  response.headers.append('vary', 'accept-language, cookie');
  return response;
}
