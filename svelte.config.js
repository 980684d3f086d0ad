import adapter from '@sveltejs/adapter-node';
import { vitePreprocess } from '@sveltejs/vite-plugin-svelte';
import { compileMessages } from './server/embedded/messages.js';

// Whoever looks at the pages reads this file first: builds, tests, the type checker and the linter.
await compileMessages();

/** @type {import('@sveltejs/kit').Config} */
export default {
  preprocess: vitePreprocess(),
  kit: {
    // server/serve.ts sets what the adapter reads; the names of our own configuration stay apart from it.
    adapter: adapter({ out: 'build', envPrefix: 'PAGES_' }),
    // A page's styles come with it: a phone on a slow line draws it after one round trip, not after two.
    inlineStyleThreshold: 40_000,
    // src/hooks.server.ts looks at where a request comes from, for pages and API alike.
    csrf: { trustedOrigins: ['*'] },
    csp: {
      mode: 'auto',
      directives: {
        'default-src': ['self'],
        // WebAssembly reads QR codes where the browser cannot; this allows no JavaScript that we do not serve.
        'script-src': ['self', 'wasm-unsafe-eval'],
        'style-src': ['self', 'unsafe-inline'],
        'img-src': ['self', 'data:', 'blob:'],
        'font-src': ['self', 'data:'],
        'connect-src': ['self', 'ws:', 'wss:'],
        'object-src': ['none'],
        'base-uri': ['none'],
        'form-action': ['self'],
        'frame-ancestors': ['none']
      }
    }
  }
};
