import type { RequestHandler } from './$types';

/** Pages that are somebody's own, and what programs ask: nothing to be found by a search. */
const PRIVATE = ['/account', '/admin', '/api/', '/bookings', '/check-in', '/checkout', '/dev/', '/pay/', '/waiting/'];

export const GET: RequestHandler = ({ locals }) => {
  const lines = ['User-agent: *', ...PRIVATE.map((path) => `Disallow: ${path}`)];
  const text = [...lines, '', `Sitemap: ${locals.app.config.origin}/sitemap.xml`, ''].join('\n');
  return new Response(text, {
    headers: { 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'public, max-age=3600' }
  });
};
