import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { constants, setPriority } from 'node:os';
import { join, resolve } from 'node:path';
import { RUN } from '../server/child.ts';
import { findChromium } from './e2e/chromium.ts';

/**
 * `npm test`: every check the project has. The static ones run beside the tests with the lowest priority: they take
 * what the tests leave of the processors, and starve no test that keeps time. Each static check counts as one test; the
 * sums of vitest and Playwright are theirs. The last line is what CI reads.
 */
const ROOT = resolve(import.meta.dirname, '..');
const RESULTS = join(ROOT, 'test-results');

interface Tally {
  passed: number;
  failed: number;
  skipped: number;
}
interface Check {
  name: string;
  command: string[];
  /** Takes only what nobody else wants of the processors. */
  background?: true;
  /** What it says is worth reading when all is well, too. */
  talks?: true;
  /** Reads the tally from the report the command wrote; without it the exit code is one test. */
  tally?: (exitCode: number) => Tally;
}

const bin = (name: string) => join(ROOT, 'node_modules', '.bin', name);

function readReport<T>(file: string): T | undefined {
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as T) : undefined;
}

function vitestTally(file: string) {
  return (exitCode: number): Tally => {
    const report = readReport<{ numPassedTests: number; numFailedTests: number; numPendingTests: number }>(file);
    if (!report) return { passed: 0, failed: 1, skipped: 0 };
    // A file that could not be loaded has no failed test but fails the run.
    const failed = report.numFailedTests || (exitCode === 0 ? 0 : 1);
    return { passed: report.numPassedTests, failed, skipped: report.numPendingTests };
  };
}

function playwrightTally(file: string) {
  return (exitCode: number): Tally => {
    type Stats = { expected: number; unexpected: number; flaky: number; skipped: number };
    const stats = readReport<{ stats: Stats }>(file)?.stats;
    if (!stats) return { passed: 0, failed: 1, skipped: 0 };
    const failed = stats.unexpected || (exitCode === 0 ? 0 : 1);
    return { passed: stats.expected + stats.flaky, failed, skipped: stats.skipped };
  };
}

const vitest = (project: string): Check => {
  const file = join(RESULTS, `${project}.json`);
  return {
    name: `${project} tests`,
    command: [
      bin('vitest'),
      'run',
      '--project',
      project,
      '--reporter=default',
      '--reporter=json',
      `--outputFile=${file}`
    ],
    tally: vitestTally(file)
  };
};

function run({ name, command, background, talks, tally }: Check, env: NodeJS.ProcessEnv): Promise<Tally> {
  const started = performance.now();
  return new Promise((done) => {
    const [program = '', ...args] = command;
    const child = spawn(program, args, { cwd: ROOT, env, stdio: ['ignore', 'pipe', 'pipe'] });
    if (background && child.pid !== undefined) setPriority(child.pid, constants.priority.PRIORITY_LOW);
    const output: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => output.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => output.push(chunk));
    child.on('error', (error) => output.push(Buffer.from(String(error))));
    child.on('close', (code) => {
      const exitCode = code ?? 1;
      const result = tally?.(exitCode) ?? {
        passed: exitCode === 0 ? 1 : 0,
        failed: exitCode === 0 ? 0 : 1,
        skipped: 0
      };
      const seconds = ((performance.now() - started) / 1000).toFixed(1);
      const sums = tally ? `, ${result.passed} passed, ${result.failed} failed` : '';
      if (result.failed > 0 || talks) console.log(Buffer.concat(output).toString());
      console.log(`${result.failed > 0 ? '✗' : '✓'} ${name} (${seconds} s${sums})`);
      done(result);
    });
  });
}

async function runLane(checks: readonly Check[], env: NodeJS.ProcessEnv): Promise<Tally[]> {
  const results: Tally[] = [];
  for (const check of checks) results.push(await run(check, env));
  return results;
}

await rm(RESULTS, { recursive: true, force: true });
await mkdir(RESULTS, { recursive: true });
const env: NodeJS.ProcessEnv = { ...process.env, FORCE_COLOR: '0', CI: process.env['CI'] ?? '' };

const failures: Tally[] = [];
try {
  env['CHROMIUM_PATH'] = await findChromium((line) => console.log(`• ${line}`));
} catch (error) {
  console.log(`✗ ${error instanceof Error ? error.message : String(error)}`);
  failures.push({ passed: 0, failed: 1, skipped: 0 });
}

const prepared = await runLane([{ name: 'kit types', command: [bin('svelte-kit'), 'sync'] }], env);
const e2eReport = join(RESULTS, 'e2e.json');
const background = true;
const [statics, tests] = await Promise.all([
  runLane(
    [
      { name: 'format', command: [bin('prettier'), '--check', '.'], background },
      {
        name: 'types',
        command: [bin('svelte-check'), '--tsconfig', './tsconfig.json', '--fail-on-warnings'],
        background
      },
      { name: 'lint and import rules', command: [bin('eslint'), '-c', '.config/eslint.js', '.'], background },
      { name: 'unused code', command: [bin('knip'), '--config', '.config/knip.json'], background },
      { name: 'dependencies', command: [process.execPath, RUN, 'tests/dependencies/run.ts'], background, talks: true }
    ],
    env
  ),
  runLane(
    [
      { name: 'build', command: [process.execPath, 'server/embedded/bootstrap.js', 'build'] },
      vitest('unit'),
      vitest('integration'),
      {
        name: 'e2e tests',
        command: [
          ...[bin('playwright'), 'test', '--config', 'tests/e2e/playwright.config.ts'],
          ...['--project=desktop', '--project=phone']
        ],
        tally: playwrightTally(e2eReport)
      },
      {
        name: 'chaos: short form and both controls',
        command: [process.execPath, RUN, 'tests/chaos/run.ts', '--short', '--out', join(RESULTS, 'chaos')]
      }
    ],
    { ...env, PLAYWRIGHT_JSON_OUTPUT_FILE: e2eReport }
  )
]);

const total = [...failures, ...prepared, ...statics, ...tests].reduce(
  (sum, each) => ({
    passed: sum.passed + each.passed,
    failed: sum.failed + each.failed,
    skipped: sum.skipped + each.skipped
  }),
  { passed: 0, failed: 0, skipped: 0 }
);
console.log(`${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`);
process.exit(total.failed > 0 || total.passed === 0 ? 1 : 0);
