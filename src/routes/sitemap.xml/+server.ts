import type { RequestHandler } from './$types';

/** Home, and every event with shows to come, for search engines. */
export const GET: RequestHandler = async ({ locals }) => {
  const { catalog, config } = locals.app;
  const urls = ['/', ...(await catalog.slugs()).map((slug) => `/events/${encodeURIComponent(slug)}`)];
  const body = urls.map((path) => `  <url><loc>${escaped(config.origin + path)}</loc></url>`).join('\n');
  const xml = `<?xml version="1.0" encoding="UTF-8"?>
<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">
${body}
</urlset>
`;
  return new Response(xml, {
    headers: { 'content-type': 'application/xml; charset=utf-8', 'cache-control': 'public, max-age=3600' }
  });
};

const escaped = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
