import bundle from 'swagger-ui-dist/swagger-ui-bundle.js?url&no-inline';
import styles from 'swagger-ui-dist/swagger-ui.css?url&no-inline';
import { api } from '$lib/server/api.ts';
import page from './page.css?url&no-inline';
import start from './start.js?url&no-inline';

/** Swagger UI, all of it ours to serve: its files are assets of the build, under names that never mean anything else. */
const OPENAPI = '/api/v1/openapi.json';

/** As for our pages (svelte.config.js); Swagger UI sets styles on its elements and draws its icons from data. */
const POLICY = [
  ...["default-src 'none'", "script-src 'self'", "style-src 'self' 'unsafe-inline'", "img-src 'self' data:"],
  ...["connect-src 'self'", "base-uri 'none'", "form-action 'self'", "frame-ancestors 'none'"]
].join('; ');

const HTML = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <title>Fullhouse API</title>
    <link rel="icon" href="data:," />
    <link rel="stylesheet" href="${styles}" />
    <link rel="stylesheet" href="${page}" />
  </head>
  <body>
    <main id="docs"></main>
    <noscript>This page needs JavaScript. The same is in <a href="${OPENAPI}">openapi.json</a>, for a program to read.</noscript>
    <script src="${bundle}"></script>
    <script src="${start}" data-openapi="${OPENAPI}"></script>
  </body>
</html>
`;

export const GET = api(
  () =>
    new Response(HTML, {
      headers: {
        ...{ 'content-type': 'text/html; charset=utf-8', 'content-security-policy': POLICY },
        'cache-control': 'public, no-cache'
      }
    })
);
