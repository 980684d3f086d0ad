import { error } from '@sveltejs/kit';
import type { RequestHandler } from './$types';

/** A picture under its random name, which never gets other bytes: it can be kept for ever. */
export const GET: RequestHandler = async ({ locals, params, request }) => {
  const picture = await locals.app.pictures.open(params.name);
  if (!picture) error(404, 'There is no such picture.');
  const { bytes, type, etag } = picture;
  const headers = {
    'cache-control': 'public, max-age=31536000, immutable',
    etag,
    'content-security-policy': "default-src 'none'",
    'x-content-type-options': 'nosniff'
  };
  const known = request.headers.get('if-none-match')?.split(/\s*,\s*/) ?? [];
  if (known.includes(etag) || known.includes('*')) return new Response(null, { status: 304, headers });
  return new Response(new Uint8Array(bytes), {
    headers: { ...headers, 'content-type': type, 'content-length': String(bytes.length) }
  });
};
