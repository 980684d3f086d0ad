// Runs our TypeScript. A Node that reads it is given the files as they are. Node 20 is given a bundle: to ask a loader for each
// of 350 files took 7 s until a node served, a bundle takes 2.7 s. Plain JavaScript, because it comes before all of that.
import { createHash, randomUUID } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
/** Here a bundle finds the packages, and `npm ci` sweeps it away. */
const CACHE = join(ROOT, 'node_modules', '.cache', 'fullhouse');
/** Processes that still load from a bundle that is no longer the newest have as long as this (ms). */
const KEEP_MS = 3_600_000;

/**
 * @typedef {{ bundle: string, entries: string[], inputs: Record<string, string> }} Manifest of one bundle: its folder, what is
 * to be loaded one after the other, and the state of each file that went into it
 */

/** @param {string} file */
function stateOf(file) {
  const { mtimeMs, size } = statSync(file, { throwIfNoEntry: false }) ?? { mtimeMs: 0, size: -1 };
  return `${mtimeMs} ${size}`;
}

/** @param {string} file @returns {Manifest | null} */
function freshManifest(file) {
  try {
    const manifest = /** @type {Manifest} */ (JSON.parse(readFileSync(file, 'utf8')));
    return Object.entries(manifest.inputs).every(([path, state]) => stateOf(path) === state) ? manifest : null;
  } catch {
    // None yet.
    return null;
  }
}

/** A bundled file still lies, for itself, where its source does. @type {import('esbuild').Plugin} */
const whereTheSourceIs = {
  name: 'where-the-source-is',
  setup(bundling) {
    bundling.onLoad({ filter: /\.ts$/ }, ({ path }) => ({
      loader: 'ts',
      contents: readFileSync(path, 'utf8')
        .replaceAll('import.meta.dirname', JSON.stringify(dirname(path)))
        .replaceAll('import.meta.filename', JSON.stringify(path))
        .replaceAll('import.meta.url', JSON.stringify(pathToFileURL(path).href))
    }));
  }
};

/** @param {string[]} files @returns {Promise<Manifest>} */
async function bundle(files) {
  const name = createHash('sha256').update(files.join('\n')).digest('hex').slice(0, 16);
  const manifestFile = join(CACHE, `${name}.json`);
  const known = freshManifest(manifestFile);
  if (known) return known;
  const folder = join(CACHE, `${name}.${randomUUID()}`);
  const { build } = await import('esbuild');
  const { metafile } = await build({
    ...{ entryPoints: files, outdir: folder, absWorkingDir: ROOT, plugins: [whereTheSourceIs] },
    ...{ bundle: true, splitting: true, packages: 'external', outExtension: { '.js': '.mjs' } },
    ...{ platform: 'node', format: 'esm', target: 'node20' },
    ...{ sourcemap: 'linked', sourcesContent: false, metafile: true, logLevel: 'error' }
  });
  const outputs = new Map(
    Object.entries(metafile.outputs).flatMap(([path, { entryPoint }]) =>
      entryPoint === undefined ? [] : [[resolve(ROOT, entryPoint), resolve(ROOT, path)]]
    )
  );
  /** @type {Manifest} */
  const manifest = {
    bundle: folder,
    entries: files.map((file) => outputs.get(file) ?? file),
    inputs: Object.fromEntries(
      Object.keys(metafile.inputs).map((path) => [resolve(ROOT, path), stateOf(resolve(ROOT, path))])
    )
  };
  // Others may bundle the same at this moment: whoever is last is right, and each has a folder of its own.
  writeFileSync(`${folder}.json`, JSON.stringify(manifest));
  renameSync(`${folder}.json`, manifestFile);
  forgetOld(name, folder);
  return manifest;
}

/** @param {string} name @param {string} newest */
function forgetOld(name, newest) {
  for (const entry of readdirSync(CACHE)) {
    const path = join(CACHE, entry);
    if (!entry.startsWith(`${name}.`) || entry.endsWith('.json') || path === newest) continue;
    const { mtimeMs } = statSync(path, { throwIfNoEntry: false }) ?? { mtimeMs: Infinity };
    if (Date.now() - mtimeMs > KEEP_MS) rmSync(path, { recursive: true, force: true });
  }
}

/** Loads files one after the other; they share the modules they import. @param {string[]} files whole paths */
export async function load(files) {
  if (!Reflect.get(process.features, 'typescript')) {
    mkdirSync(CACHE, { recursive: true });
    process.setSourceMapsEnabled(true);
    files = (await bundle(files)).entries;
  }
  for (const file of files) await import(pathToFileURL(file).href);
}
