import { parseArgs } from 'node:util';

export interface Options {
  /** Names of benches; none means all. */
  only: string[];
  rounds: number;
  json: boolean;
  /** CPU profiles of the server's and the clients' processes, for Chrome's or VS Code's profiler. */
  profile: boolean;
}

/** Carries the one line to print. */
export class OptionError extends Error {}

export function readOptions(args: readonly string[], names: readonly string[]): Options {
  const given = parse(args);
  const only = (given.only ?? []).flatMap((list) => list.split(',')).map((name) => name.trim());
  const unknown = only.find((name) => !names.includes(name));
  if (unknown !== undefined) {
    throw new OptionError(`--only: there is no bench "${unknown}"; there are ${names.join(', ')}.`);
  }
  const rounds = Number(given.rounds ?? 5);
  if (!Number.isInteger(rounds) || rounds < 1 || rounds > 100) {
    throw new OptionError(`--rounds must be a whole number from 1 to 100, not "${given.rounds ?? ''}".`);
  }
  return { only, rounds, json: given.json ?? false, profile: given.profile ?? false };
}

function parse(args: readonly string[]) {
  try {
    const options = {
      only: { type: 'string', multiple: true },
      rounds: { type: 'string' },
      json: { type: 'boolean' },
      profile: { type: 'boolean' }
    } as const;
    return parseArgs({ args: [...args], options, strict: true, allowPositionals: false }).values;
  } catch (error) {
    const reason = (error instanceof Error ? error.message : String(error)).split(/[.\n]/)[0] ?? '';
    throw new OptionError(`${reason}. Options: --only NAME (repeatable, or NAME,NAME), --rounds N, --json, --profile.`);
  }
}
