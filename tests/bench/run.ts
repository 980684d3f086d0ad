import { join } from 'node:path';
import { readOptions, OptionError } from './options.ts';
import { benches } from './benches.ts';
import { linesOf, type Line } from './figures.ts';
import { describeMachine } from './machine.ts';
import { FOLDER, writePlots } from './plot.ts';
import { openContext } from './context.ts';
import { printJson, printTable } from './table.ts';
import { profileTo } from '../../server/child.ts';
import type { Bench } from './bench.ts';

/** `npm run bench -- [--only NAME] [--rounds N] [--json] [--profile]`: how fast, as ratios to baselines measured in the same run. */
const note = (line: string) => process.stderr.write(`${line}\n`);

function optionsOrEnd() {
  try {
    return readOptions(
      process.argv.slice(2),
      benches.map((bench) => bench.name)
    );
  } catch (error) {
    if (!(error instanceof OptionError)) throw error;
    note(`✗ ${error.message}`);
    process.exit(2);
  }
}

const options = optionsOrEnd();
const chosen = benches.filter((bench) => options.only.length === 0 || options.only.includes(bench.name));

let closing: Promise<void> | undefined;
const context = await openContext(options.rounds, note);
const close = () => (closing ??= context.close());
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => void close().finally(() => process.exit(1)));
}
// bootstrap.js was killed: nobody is left to read the table.
process.on('disconnect', () => void close().finally(() => process.exit(1)));

const results: { bench: Bench; lines: Line[] }[] = [];
let failed = false;
for (const [n, bench] of chosen.entries()) {
  const started = performance.now();
  const title = `[${n + 1}/${chosen.length}] ${bench.name}`;
  note(`${title}: preparing`);
  if (options.profile) profileTo(join(FOLDER, 'profiles', bench.name));
  try {
    const rounds = await bench.run(context, (round, step) => {
      note(`${title}: round ${round} of ${options.rounds}${step === undefined ? '' : `, ${step}`}`);
    });
    const lines = linesOf(bench, rounds);
    results.push({ bench, lines });
    const ratios = lines.map(({ ratio }) => ratio.toFixed(2)).join(', ');
    note(`${title}: ${ratios} (${((performance.now() - started) / 1000).toFixed(0)} s)`);
  } catch (error) {
    failed = true;
    note(`✗ ${title}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
  }
  await context.forget();
}

const machine = await describeMachine(context);
if (options.json) printJson(results);
else printTable(results, machine);
note(`Plots: ${await writePlots(results, machine)}`);
await close();
process.exit(failed ? 1 : 0);
