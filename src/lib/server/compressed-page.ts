import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import type { RequestEvent } from '@sveltejs/kit';

/** Less than this (bytes) fits into one packet anyway. */
const SMALL = 1200;
/** 1.5 ms for 36 kB: higher levels take longer, and save nothing on a page. */
const BROTLI = { params: { [constants.BROTLI_PARAM_QUALITY]: 5 } };

/** Pages that have nothing of anybody's in them while nobody is signed in. */
const OPEN = new Set(['/(site)', '/(site)/events/[slug]', '/(site)/shows/[id]', '/embed/shows/[id]']);

/**
 * Whoever can have a visitor's browser ask for our pages, and see how long the answers are, could guess what is in a page
 * that repeats their guesses (BREACH): a compressed one is shorter by what was guessed right. So a page is compressed
 * where it repeats nothing of the address, or where there is nothing to guess.
 */
const mayCompress = ({ url, locals, route }: RequestEvent): boolean =>
  url.search === '' || (locals.identity.user === null && !locals.identity.unchecked && OPEN.has(route.id ?? ''));

/** The HTML of a page as small as the browser understands. Files are compressed when they are built. */
export async function compressed(event: RequestEvent, response: Response): Promise<Response> {
  const { headers } = response;
  const length = Number(headers.get('content-length') ?? 0);
  const isPage = headers.get('content-type')?.startsWith('text/html') === true && !headers.has('content-encoding');
  if (!isPage || length < SMALL || event.request.method !== 'GET' || !mayCompress(event)) return response;
  headers.append('vary', 'accept-encoding');
  const coding = codingFor(event.request.headers.get('accept-encoding') ?? '');
  if (coding === null) return response;
  const html = Buffer.from(await response.arrayBuffer());
  const body = coding === 'br' ? await promisify(brotliCompress)(html, BROTLI) : await promisify(gzip)(html);
  headers.set('content-encoding', coding);
  headers.set('content-length', String(body.byteLength));
  const etag = headers.get('etag');
  // The same page in other bytes.
  if (etag !== null && !etag.startsWith('W/')) headers.set('etag', `W/${etag}`);
  return new Response(new Uint8Array(body), { status: response.status, headers });
}

function codingFor(accepted: string): 'br' | 'gzip' | null {
  const may = accepted
    .split(',')
    .map((one) => one.split(';').map((part) => part.trim().toLowerCase()))
    .filter(([, quality]) => !/^q=0(?:\.0*)?$/.test(quality ?? ''))
    .map(([name]) => name);
  return may.includes('br') ? 'br' : may.includes('gzip') ? 'gzip' : null;
}
