import { readFile } from 'node:fs/promises';
import { sveltekit } from '@sveltejs/kit/vite';
import { transformWithOxc, type Plugin } from 'vite';
import { defineConfig } from 'vitest/config';
import { fullhouse } from './server/dev.ts';

/**
 * `import text from './element.ts?script'`: a file that imports nothing but types, as the text of a plain script. It is
 * for other people's pages: they load one file, and none of its names becomes theirs.
 */
function scriptText(): Plugin {
  const suffix = '?script';
  return {
    name: 'fullhouse-script-text',
    enforce: 'pre',
    async load(id) {
      if (!id.endsWith(suffix)) return null;
      const file = id.slice(0, -suffix.length);
      this.addWatchFile(file);
      const { code } = await transformWithOxc(await readFile(file, 'utf8'), file, { target: 'es2022' });
      const script = code.replace(/^export \{\s*\};?$/m, '').trim();
      if (/^\s*(?:import|export)\b/m.test(script)) this.error(`${file} must not import or export anything but types.`);
      return `export default ${JSON.stringify(`(() => {\n${script}\n})();\n`)};`;
    }
  };
}

/**
 * The browser compiles what it is told at the head of a file while the file arrives, on a thread of its own. Without that it
 * compiles each function when it is first called, on the page's: 40 % of the time a phone takes a page over in.
 */
function compiledOnArrival(): Plugin {
  return {
    name: 'fullhouse-compiled-on-arrival',
    applyToEnvironment: (environment) => environment.name === 'client',
    generateBundle: {
      // Only the first line of a file counts, and Vite puts one before the others.
      order: 'post',
      handler(_options, bundle) {
        for (const file of Object.values(bundle))
          if (file.type === 'chunk') file.code = `//# allFunctionsCalledOnLoad\n${file.code}`;
      }
    }
  };
}

export default defineConfig({
  plugins: [scriptText(), sveltekit(), fullhouse(), compiledOnArrival()],
  build: { target: 'es2022' },
  environments: {
    client: {
      build: {
        rolldownOptions: {
          output: {
            codeSplitting: {
              // What nearly every page needs is one file, not twenty: on a slow line each is another round trip, and on a
              // phone each costs twenty milliseconds before it is even on its way. The first that fits takes a module.
              groups: [
                // Svelte makes an error while it is loaded, and for its line the browser reads the whole file once more.
                { name: 'error', test: /\/svelte\/src\/internal\/client\/constants\.js$/ },
                { name: 'everywhere', minShareCount: 40 },
                {
                  name: 'site',
                  test: /\/src\/routes\/\+(?:error|layout)\.svelte|\/src\/lib\/(?:sharing\/|components\/(?:arriving|Banner|LanguageForm|kinds|hydration|next-task|ThemeSwitch|refresh|start-over)|phone\/(?:kept-place|tidy-kept|AppHead|UnderWay)|domain\/(?:formats|language|money|place|time)\.)/
                },
                {
                  name: 'seatmap',
                  test: /\/src\/lib\/(?:seatmap\/|phone\/(?:HoldLine|drag-sheet|Sheet|screen))/,
                  minShareCount: 2
                }
              ]
            }
          }
        }
      }
    }
  },
  test: {
    projects: [
      {
        extends: true,
        // A busy machine is no fault: a test fails by what it finds, not by how long it took.
        test: {
          name: 'unit',
          maxWorkers: 2,
          testTimeout: 30_000,
          include: [
            'src/**/*.test.ts',
            'server/**/*.test.ts',
            'tests/load/**/*.test.ts',
            'tests/chaos/**/*.test.ts',
            'tests/dependencies/**/*.test.ts'
          ]
        }
      },
      {
        extends: true,
        test: {
          name: 'integration',
          include: ['tests/integration/**/*.test.ts'],
          globalSetup: ['tests/integration/services.ts'],
          // The pages as they were built: to be served, not to be compiled once more.
          server: { deps: { external: [/\/build\//] } },
          maxWorkers: 2,
          // Each file has its own database and keys; loading the whole server anew for each took a third of the time.
          isolate: false,
          testTimeout: 30_000,
          hookTimeout: 60_000
        }
      }
    ]
  }
});
