// What `npm run demo`, `test`, `dev`, `bench`, `load`, `chaos`, `audit` and `pictures` start with. Plain JavaScript
// without dependencies: on a fresh clone there is no node_modules yet, and Node 20 does not run TypeScript.
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

// Not import.meta.dirname: an older Node, which is to be told so, does not have it.
const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const STAMP = join(ROOT, 'node_modules', '.fullhouse-lock');
const RUN = join(ROOT, 'server', 'embedded', 'run.js');
const BUILT = join(ROOT, 'build', '.fullhouse-sources');
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);

const task = process.argv[2];
// A bench and an audit may be asked for JSON: their standard output is kept for that.
const quiet = task === 'bench' || task === 'audit';

/** @param {string} line */
const say = (line) => (quiet ? console.error : console.log)(`• ${line}`);

/** @param {string} line @returns {never} */
function giveUp(line) {
  console.error(`✗ ${line}`);
  process.exit(1);
}

if (major < 20 || (major === 20 && minor < 19)) {
  giveUp(`Fullhouse needs Node 20.19 or later; this is ${process.version}.`);
}

/** @param {string} file */
const hashOf = (file) => createHash('sha256').update(readFileSync(file)).digest('hex');

/** @param {string} file */
const read = (file) => (existsSync(file) ? readFileSync(file, 'utf8') : '');

/** Whether npm already put there what the lockfile names, perhaps by an `npm install` of the developer's own. */
function isInstalled() {
  /** @type {(file: string) => Record<string, { version?: string, optional?: boolean }>} */
  const packagesOf = (file) => JSON.parse(read(join(ROOT, file)) || '{}').packages ?? {};
  const there = packagesOf('node_modules/.package-lock.json');
  return Object.entries(packagesOf('package-lock.json')).every(
    ([path, wanted]) => path === '' || (there[path] ? there[path].version === wanted.version : wanted.optional === true)
  );
}

function installPackages() {
  const lock = hashOf(join(ROOT, 'package-lock.json'));
  if (read(STAMP) === lock) return;
  if (isInstalled()) return writeFileSync(STAMP, lock);
  say('Installing the packages (npm ci) …');
  const npm = spawnSync('npm', ['ci', '--include=dev', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: ROOT,
    stdio: ['inherit', quiet ? 2 : 1, 'inherit']
  });
  if (npm.status !== 0) giveUp('npm ci failed; see above.');
  writeFileSync(STAMP, lock);
}

/** A fingerprint of all that the pages are built from. @param {string[]} places */
function fingerprint(places) {
  const hash = createHash('sha256');
  /** @param {string} path */
  const add = (path) => {
    const stat = statSync(path);
    if (stat.isDirectory()) for (const name of readdirSync(path).sort()) add(join(path, name));
    else hash.update(path).update(readFileSync(path));
  };
  for (const place of places) add(join(ROOT, place));
  return hash.digest('hex');
}

function buildPages() {
  const sources = fingerprint(['src', 'static', 'svelte.config.js', 'vite.config.ts', 'package-lock.json']);
  if (read(BUILT) === sources) return;
  say('Building the pages (vite build) …');
  const vite = spawnSync(
    process.execPath,
    [join(ROOT, 'node_modules/vite/bin/vite.js'), 'build', '--logLevel', 'warn'],
    {
      cwd: ROOT,
      encoding: 'utf8',
      // Whoever asks for them, also a test: pages of development warn, and are slower.
      env: { ...process.env, NODE_ENV: 'production' }
    }
  );
  if (vite.status !== 0) giveUp(`${vite.stdout}${vite.stderr}The build failed; see above.`);
  mkdirSync(join(ROOT, 'build'), { recursive: true });
  writeFileSync(BUILT, sources);
}

/**
 * Runs a TypeScript entry of ours, hands signals on and takes over its exit code. It is a process group of its own:
 * a terminal sends Ctrl-C to the whole group, and would stop Postgres and Redis under the requests being finished.
 * The channel tells it when we are killed.
 * @param {string} entry
 */
function runEntry(entry) {
  const child = spawn(process.execPath, [RUN, join(ROOT, entry), ...process.argv.slice(3)], {
    cwd: ROOT,
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    detached: true
  });
  /** @type {NodeJS.Signals[]} */
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'];
  for (const signal of signals) process.on(signal, () => child.kill(signal));
  child.on('exit', (code, signal) => process.exit(signal ? 1 : (code ?? 1)));
}

installPackages();
// Not at the top: it needs what was installed.
const { compileMessages } = await import('./messages.js');
await compileMessages();
if (task === 'install') {
  say('Everything is installed.');
} else if (task === 'demo') {
  buildPages();
  runEntry('server/demo.ts');
} else if (task === 'build') {
  buildPages();
} else if (task === 'dev') {
  runEntry('server/embedded/dev.ts');
} else if (task === 'test') {
  runEntry('tests/run.ts');
} else if (task === 'bench') {
  runEntry('tests/bench/run.ts');
} else if (task === 'load') {
  // A deployment that is named has pages of its own, and whoever asks for help needs none.
  if (!process.argv.some((word) => /^--(url(=|$)|help$)/.test(word))) buildPages();
  runEntry('tests/load/run.ts');
} else if (task === 'chaos') {
  if (!process.argv.includes('--help')) buildPages();
  runEntry('tests/chaos/run.ts');
} else if (task === 'pictures') {
  buildPages();
  runEntry('tests/showcase/run.ts');
} else if (task === 'audit') {
  runEntry('server/audit/run.ts');
} else {
  giveUp(`Unknown task ${String(task)}: demo, test, dev, bench, load, chaos, audit, pictures, build or install.`);
}
