import { version } from '$service-worker';
import { acceptedLanguage, isLanguage } from '#domain/language.ts';
import { allKept, findKept, forgetAll } from '$lib/phone/kept-store.ts';
import { offlinePage, signedOutPage, ticketsPage, type Looks } from '$lib/phone/offline-pages.ts';
import type { Fetching, WorkerScope } from '$lib/phone/worker-scope.ts';
import tokens from '$lib/styles/tokens.css?inline';

/**
 * What the site does when there is no network: kept tickets open, and every other page says that one is offline. Of the
 * site itself only files whose names carry a hash of their contents are kept. Everything else, above all what is live or
 * somebody's own, is asked of the server each time.
 *
 * It never takes over pages that are open: a new version waits until the last tab of the old one is closed, and only then
 * are the files of the old one let go.
 */
const worker = globalThis as unknown as WorkerScope;
const ASSETS = `fullhouse-assets-${version}`;
const HASHED = '/_app/immutable/';
const BOOKING = /^\/bookings\/([0-9a-f-]{36})$/;
/** Tickets that are here anyway are shown when the server takes longer than this (ms). */
const PATIENCE_MS = 8000;
/** What a proxy says when nobody is behind it. */
const NOBODY_THERE = new Set([502, 503, 504]);

worker.addEventListener('activate', (event) => {
  event.waitUntil(
    Promise.all([
      caches
        .keys()
        .then((names) => names.filter((name) => name.startsWith('fullhouse-assets-') && name !== ASSETS))
        .then((old) => Promise.all(old.map((name) => caches.delete(name)))),
      // Waking this worker takes a while: the page is asked for meanwhile.
      worker.registration.navigationPreload?.enable()
    ])
  );
});

worker.addEventListener('fetch', (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (origin !== worker.location.origin) return;
  if (request.mode === 'navigate') {
    if (request.method === 'GET') event.respondWith(open(event, pathname));
    else if (request.method === 'POST' && pathname === '/sign-out') event.respondWith(signOut(request));
  } else if (request.method === 'GET' && pathname.startsWith(HASHED)) event.respondWith(asset(request));
});

/** The name says the contents: what is here is right. */
async function asset(request: Request): Promise<Response> {
  const known = await caches.match(request, { cacheName: ASSETS });
  if (known) return known;
  const answer = await fetch(request);
  if (answer.status === 200) {
    const cache = await caches.open(ASSETS);
    // A device without room for it has the page all the same.
    await cache.put(request, answer.clone()).catch(() => undefined);
  }
  return answer;
}

async function open(event: Fetching, pathname: string): Promise<Response> {
  const id = BOOKING.exec(pathname)?.[1];
  const kept = id === undefined ? null : await findKept(id).catch(() => null);
  const fromMemory = async () => (kept ? ticketsPage(kept, await looks()) : null);
  const asked = fromServer(event);
  // An answer that comes too late is awaited all the same, or the browser would complain of it.
  event.waitUntil(asked.catch(() => undefined));
  try {
    const answer = await (kept ? inTime(asked) : asked);
    return NOBODY_THERE.has(answer.status) ? ((await fromMemory()) ?? answer) : answer;
  } catch {
    const path = new URL(event.request.url).pathname;
    return (await fromMemory()) ?? offlinePage(await allKept().catch(() => []), await looks(), path);
  }
}

const fromServer = async (event: Fetching): Promise<Response> =>
  (await event.preloadResponse) ?? (await fetch(event.request));

async function inTime(asked: Promise<Response>): Promise<Response> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, fail) => {
    timer = setTimeout(() => fail(new Error('the server takes too long')), PATIENCE_MS);
  });
  return Promise.race([asked, late]).finally(() => clearTimeout(timer));
}

/** The tickets go first: whatever becomes of the request, whoever signs out leaves nothing behind. */
async function signOut(request: Request): Promise<Response> {
  await forgetAll();
  try {
    return await fetch(request);
  } catch {
    return signedOutPage(await looks());
  }
}

/** As it was chosen, where a worker can know it. */
async function looks(): Promise<Looks> {
  const cookie = async (name: string) => (await globalThis.cookieStore?.get(name).catch(() => null))?.value;
  const [theme, language] = await Promise.all([cookie('fullhouse_theme'), cookie('fullhouse_language')]);
  return {
    theme: theme === 'dark' || theme === 'light' ? theme : 'auto',
    locale: isLanguage(language) ? language : (acceptedLanguage(navigator.languages.join()) ?? 'en'),
    tokens
  };
}
