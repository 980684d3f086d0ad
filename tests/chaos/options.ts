import { parseArgs } from 'node:util';
import { z } from 'zod';
import { FAULTS, SHORT } from './faults/all.ts';
import type { Fault } from './faults/fault.ts';

/** Carries the one line to print. */
export class OptionError extends Error {}

export const HELP = `npm run chaos -- [options]

Starts the whole service on a stack of its own (two nodes behind a proxy, a worker, Postgres, Redis, a queue, a mail
server), lets simulated buyers loose on it, does it harm by a schedule, and checks every invariant. It touches nothing
that it did not start itself.

  --minutes 10          for how long faults are done
  --seed N              the same seed gives the same schedule, faults and buyers (1)
  --only N3,N7          these faults and no others
  --buyers 40           how many simulated buyers
  --short               the form of npm test: ${SHORT.map(({ id }) => id).join(', ')}, each once, and both controls
  --broken index        the control: without the unique index, what must be found is found, and the exit code is 1
  --broken owner        the control: a hold script that takes seats out of others' hands
  --out DIR             where the report, the history and the logs go (test-results/chaos)
  --help                this

Faults:
${FAULTS.map(({ id, name }) => `  ${id.padEnd(6)} ${name}`).join('\n')}

Exit code: 0 every invariant held, 1 one did not, 2 it could not run.
`;

const PARSED = {
  minutes: { type: 'string' },
  seed: { type: 'string' },
  only: { type: 'string' },
  buyers: { type: 'string' },
  short: { type: 'boolean' },
  broken: { type: 'string' },
  out: { type: 'string' },
  help: { type: 'boolean' }
} as const;

const known = (id: string): Fault | undefined => FAULTS.find((fault) => fault.id.toLowerCase() === id.toLowerCase());

const options = z.object({
  minutes: z.coerce
    .number({ error: 'must be a number' })
    .gt(0, 'must be more than 0')
    .max(600, 'must be at most 600')
    .default(10),
  seed: z.string().min(1, 'must not be empty').max(64, 'must have at most 64 characters').default('1'),
  only: z
    .string()
    .transform((list) => list.split(',').map((id) => id.trim()))
    .refine((ids) => ids.every((id) => known(id)), {
      message: `must name faults, such as N3,N7; there are ${FAULTS.map(({ id }) => id).join(', ')}`
    })
    .transform((ids) => ids.flatMap((id) => known(id) ?? []))
    .optional(),
  buyers: z.coerce
    .number({ error: 'must be a number' })
    .int('must be a whole number')
    .min(1, 'must be at least 1')
    .max(500, 'must be at most 500')
    .optional(),
  short: z.boolean().default(false),
  broken: z.enum(['index', 'owner'], { error: 'must be index or owner' }).optional(),
  out: z.string().min(1).default('test-results/chaos'),
  help: z.boolean().default(false)
});

export interface ChaosOptions {
  forMs: number;
  seed: string;
  faults: readonly Fault[];
  buyers: number;
  form: 'long' | 'short';
  broken: 'index' | 'owner' | null;
  out: string;
  help: boolean;
  /** How to do the same again. */
  again: string;
}

/** Throws OptionError. */
export function readOptions(args: readonly string[]): ChaosOptions {
  const parsed = options.safeParse(given(args));
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw new OptionError(`--${String(issue?.path[0] ?? '')} ${issue?.message ?? 'is wrong'}. See --help.`);
  }
  const { minutes, seed, only, buyers, short, broken, out, help } = parsed.data;
  const again = [
    ...(short ? ['--short'] : [`--minutes ${minutes}`]),
    `--seed ${seed}`,
    ...(only ? [`--only ${only.map(({ id }) => id).join(',')}`] : []),
    ...(buyers === undefined ? [] : [`--buyers ${buyers}`]),
    ...(broken ? [`--broken ${broken}`] : [])
  ];
  return {
    ...{ forMs: minutes * 60_000, seed, out, help, broken: broken ?? null },
    faults: only ?? (short ? SHORT : FAULTS),
    buyers: buyers ?? (short ? 24 : 40),
    form: short ? 'short' : 'long',
    again: `npm run chaos -- ${again.join(' ')}`
  };
}

function given(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options: PARSED, strict: true, allowPositionals: false }).values;
  } catch (error) {
    throw new OptionError(
      `${(error instanceof Error ? error.message : String(error)).split(/[.\n]/)[0] ?? ''}. See --help.`
    );
  }
}
