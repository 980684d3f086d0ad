import { createHash } from 'node:crypto';

/** Answers that whoever has them already need not be sent again. */

/** May be stored anywhere, and is asked for again each time: how many seats are left changes by the second. */
const ASK_AGAIN = 'public, no-cache';

/** Weak comparison, as RFC 9110 has it for `If-None-Match`. */
export function isKnown(request: Request, etag: string): boolean {
  const known = request.headers.get('if-none-match');
  if (known === null) return false;
  const opaque = (tag: string) => tag.trim().replace(/^W\//, '');
  return known.trim() === '*' || known.split(',').some((tag) => opaque(tag) === opaque(etag));
}

/** JSON that is the same for everybody; 304 for whoever has it. */
export function keptJson(request: Request, body: object, caching = ASK_AGAIN): Response {
  return keptText(request, JSON.stringify(body), 'application/json', caching);
}

/** The same for any text. */
export function keptText(request: Request, text: string, type: string, caching: string): Response {
  const etag = `W/"${createHash('sha256').update(text).digest('base64url').slice(0, 22)}"`;
  const headers = { etag, 'cache-control': caching, vary: 'accept-encoding' };
  if (isKnown(request, etag)) return new Response(null, { status: 304, headers });
  return new Response(text, { headers: { ...headers, 'content-type': type } });
}
