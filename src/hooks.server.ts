import * as m from '#domain/messages/compiled/refusals.js';
import type { Handle, HandleServerError } from '@sveltejs/kit';
import type { Identity } from '../server/accounts/accounts.ts';
import type { App as Fullhouse } from '../server/app.ts';
import { inEnglish } from '$lib/components/language.ts';
import { problem } from '$lib/server/api.ts';
import { limitBody } from '$lib/server/body-limit.ts';
import { compressed } from '$lib/server/compressed-page.ts';
import { buyerCookie, readCredentials, setBuyer } from '$lib/server/cookies.ts';
import { chosenLanguage, variesByLanguage, withLanguage } from '$lib/server/language.ts';
import { lateScripts } from '$lib/server/late-scripts.ts';
import { paceOf, tooFast } from '$lib/server/pace.ts';
import { plainAnswer } from '$lib/server/plain-page.ts';
import { secured } from '$lib/server/security-headers.ts';
import { forPages, refuseProgram } from '$lib/server/token-access.ts';
import { insteadOfSignIn } from '$lib/server/unchecked-session.ts';

/** The entry (server/serve.ts or Vite's plugin) made the App; pages and sockets share that one instance. */
const APP_KEY = Symbol.for('fullhouse.app');

const isApi = (path: string) => path.startsWith('/api/');
const isPage = (path: string) => !isApi(path) && !path.startsWith('/_app/') && !/\.\w+$/.test(path);
/** The seat map on another site: its buyer is a guest that only the frame knows, and cookies are none of its business. */
const isFramed = (path: string) => path.startsWith('/embed/shows/');
const CHANGES = new Set(['POST', 'PUT', 'PATCH', 'DELETE']);

const FORM = /^(?:application\/x-www-form-urlencoded|multipart\/form-data|text\/plain)\b/i;

/**
 * A browser sends cookies along with requests that other sites make. What changes something by cookie must come
 * from our own pages; programs that bring a token need no origin. It stands in for Kit's own check, which would refuse
 * a program that sends a file as a form.
 */
function fromElsewhere(request: Request, url: URL): boolean {
  if (!CHANGES.has(request.method) || request.headers.has('authorization')) return false;
  const origin = request.headers.get('origin');
  if (origin !== null) return origin !== url.origin;
  const site = request.headers.get('sec-fetch-site');
  if (site !== null) return site !== 'same-origin' && site !== 'none';
  // Every browser says where a form comes from.
  return FORM.test(request.headers.get('content-type') ?? '');
}

function withHeaders(response: Response, headers: Readonly<Record<string, string>>): Response {
  for (const [name, value] of Object.entries(headers)) response.headers.set(name, value);
  return response;
}

/** Every answer leaves through here, whoever gave it: no "no" goes without the headers that protect it. */
export const handle: Handle = async (input) => secured(input.event, await answer(input));

const answer: Handle = async (input) => {
  const { event } = input;
  const app = Reflect.get(globalThis, APP_KEY) as Fullhouse | undefined;
  if (!app) return plainAnswer(event.request, 503, 'Not yet', 'Fullhouse is starting. Try again in a moment.');
  const { url, cookies } = event;
  event.locals.app = app;
  const theme = isFramed(url.pathname) ? url.searchParams.get('theme') : cookies.get('fullhouse_theme');
  event.locals.theme = theme === 'light' || theme === 'dark' ? theme : null;
  const found = await app.accounts.identify(readCredentials(event, app.config));
  event.locals.identity = isApi(url.pathname) ? found : forPages(found);
  event.locals.chosenLanguage = chosenLanguage(event, found);
  event.locals.language = inEnglish(url.pathname) ? 'en' : event.locals.chosenLanguage;
  return app.speak(event.locals.language, () => answerIn(input, found));
};

/** All that is said from here on is said in the visitor's language. */
async function answerIn({ event, resolve }: Parameters<Handle>[0], found: Identity): Promise<Response> {
  const { url, request, cookies, locals } = event;
  const { app } = locals;
  const pace = await paceOf(event, found);
  if (pace.refusal) return tooFast(event, isApi(url.pathname), { ...pace, refusal: pace.refusal });
  const closed = refuseProgram(event);
  if (closed) return withHeaders(closed, pace.headers);
  if (fromElsewhere(request, url)) {
    const words = m.elsewhere();
    return isApi(url.pathname)
      ? problem(403, 'FORBIDDEN', words)
      : plainAnswer(request, 403, m.elsewhere_title(), words);
  }
  // Postgres has no text with a zero byte, so no address that holds one names or finds anything.
  if (/%00/.test(url.pathname + url.search)) {
    if (isApi(url.pathname)) return problem(400, 'INVALID', 'The address must not hold a zero byte.');
    return plainAnswer(request, 400, m.no_address_title(), m.no_address());
  }
  const tooLarge = await limitBody(event);
  if (tooLarge) return tooLarge;
  const visits = isPage(url.pathname) && !isFramed(url.pathname) && request.method === 'GET';
  if (visits && !cookies.get(buyerCookie(app.config))) {
    const { buyer, token } = app.accounts.issueBuyer();
    setBuyer(event, token);
    const { identity } = event.locals;
    event.locals.identity = identity.user
      ? { ...identity, guest: identity.guest ?? buyer }
      : { ...identity, buyer, guest: buyer };
  }

  const inTheme = (html: string) => html.replace('%theme%', locals.theme ?? 'auto');
  const resolved = await resolve(
    event,
    lateScripts(event, (html) => withLanguage(inTheme(html), locals.language))
  );
  const response = (await insteadOfSignIn(event, resolved)) ?? resolved;
  return isApi(url.pathname) ? withHeaders(response, pace.headers) : compressed(event, variesByLanguage(response));
}

/** What went wrong is for the log; the visitor gets a sentence and a number to quote. */
export const handleError: HandleServerError = ({ error: cause, event, status, message }) => {
  if (status === 404) return { message: 'There is nothing here. It may have moved, or the link is old.' };
  const id = crypto.randomUUID().slice(0, 8);
  event.locals.app?.log.error({ err: cause, id, route: event.route.id, status }, 'a request failed');
  return { message: status < 500 ? message : 'Something went wrong on our side. Please try again in a moment.', id };
};
