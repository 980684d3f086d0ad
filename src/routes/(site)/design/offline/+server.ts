import { currentLanguage } from '#domain/language.ts';
import { offlinePage } from '$lib/phone/offline-pages.ts';
import tokens from '$lib/styles/tokens.css?inline';

/** What the service worker shows where there is no network, to be looked at with one. */
export const GET = () => {
  const page = offlinePage([], { theme: 'auto', locale: currentLanguage(), tokens }, '/');
  return new Response(page.body, { headers: page.headers });
};
