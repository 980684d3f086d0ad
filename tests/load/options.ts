import { parseArgs } from 'node:util';
import { HOSTS_FILE } from './hosts.ts';
import { parseMix, PERSONAS, USUAL_MIX, type Mix } from '../../server/rehearsal/buyers/mix.ts';
import type { Arrival } from '../../server/rehearsal/buyers/plan.ts';

export interface LoadOptions {
  /** Null: a stack of its own. */
  url: string | null;
  hosts: string;
  show: string | null;
  buyers: number;
  durationMs: number;
  thinkMs: number;
  arrival: Arrival;
  mix: Mix;
  seed: string;
  processes: number;
  /** Of the show on a stack of its own. */
  seats: number;
  /** Which buyers share when they book. */
  accounts: number;
  /** Of the visits that end, how many end with a booking. */
  bookShare: number;
  out: string;
  p99HoldMs: number | null;
  maxErrors: number;
  help: boolean;
}

/** Carries the one line to print. */
export class OptionError extends Error {}

export const HELP = `npm run load -- [options]

Simulates buyers over the real protocol (Socket.IO and HTTP, from processes of their own), shows how it goes, writes
report.html and report.json, and ends with the audit of what was sold. Starts a stack of its own, unless --url names one.

  --buyers 2000         how many, all connected at once
  --duration 60s        how long they click (ms, s or m; at most 60m)
  --arrival ramp        ramp: they come during the first third · stampede: all are there, and click at the same moment
  --think 4s            between two clicks of one buyer, on average: 2000 buyers and 4s are 500 clicks a second
  --mix picker=4,best=3 who comes, by weight; whoever is not named does not come:
${Object.entries(PERSONAS)
  .map(([name, does]) => `                          ${name.padEnd(12)} ${does}`)
  .join('\n')}
  --book 0.04           of the visits that end, the share that ends with a booking, paid in the sandbox
  --seed 1              the same seed gives the same buyers, arrivals and choices
  --processes 2         of the simulator
  --seats 15000         1350, 15000 or 100000: the hall of the stack of its own
  --accounts 120        signed up before the clock starts; buyers hold as guests, and borrow an account to book
  --out DIR             where the reports and the acknowledgements go (test-results/load)

  --url http://…        a deployment of yours. Only this machine's own addresses, and hosts that stand on a line of
  --hosts ${HOSTS_FILE.padEnd(13)} this file, are loaded: never somebody else's site
  --show ID             which show of it; else the one with the most seats left

  --p99-hold 250ms      exit 1 when the 99th percentile of a hold, counted from when it was meant to be clicked, is above
  --max-errors 0        exit 1 when there are more. A refusal that the contract has for a correct client is no error
  --help                this

With bots in the mix everybody says in x-forwarded-for where they call from, the bots all from one address; against --url
that counts only where ADDRESS_HEADER names this header.

Against --url: the accounts are made at that site (load-…@load.invalid), bookings stay, and mails are sent to nowhere.
Sockets from one public address are limited there: set LIMIT_NETWORK_SOCKETS, LIMIT_NETWORK_HANDSHAKES and
LIMIT_NETWORK_COMMANDS to the number of buyers or more on the deployment while it is tested. This machine is not limited.
The audit needs DATABASE_URL and REDIS_URL (or the demo's DATA_DIR); without them run it there:
npm run audit -- --acks DIR

Exit code: 0 all thresholds kept and nothing broken, 1 not so, 2 it could not run.
`;

const OPTIONS = {
  url: { type: 'string' },
  hosts: { type: 'string' },
  show: { type: 'string' },
  buyers: { type: 'string' },
  duration: { type: 'string' },
  think: { type: 'string' },
  arrival: { type: 'string' },
  mix: { type: 'string' },
  seed: { type: 'string' },
  processes: { type: 'string' },
  seats: { type: 'string' },
  accounts: { type: 'string' },
  book: { type: 'string' },
  out: { type: 'string' },
  'p99-hold': { type: 'string' },
  'max-errors': { type: 'string' },
  help: { type: 'boolean' }
} as const;

const UNITS = { ms: 1, s: 1000, m: 60_000 } as const;

/** `250ms`, `60s`, `2m` in ms; a plain number is seconds. */
export function parseTime(text: string): number {
  const match = /^(\d+(?:\.\d+)?)(ms|s|m)?$/.exec(text);
  return match ? Number(match[1]) * UNITS[(match[2] ?? 's') as keyof typeof UNITS] : NaN;
}

export function readOptions(args: readonly string[]): LoadOptions {
  const given = parse(args);
  const whole = (
    name: 'buyers' | 'processes' | 'accounts' | 'max-errors',
    usual: number,
    least: number,
    most: number
  ) => {
    const value = Number(given[name] ?? usual);
    if (Number.isInteger(value) && value >= least && value <= most) return value;
    throw new OptionError(`--${name} must be a whole number from ${least} to ${most}, not "${given[name] ?? ''}".`);
  };
  const time = (name: 'duration' | 'think' | 'p99-hold', usual: string, least: number, most: number) => {
    const value = parseTime(given[name] ?? usual);
    if (value >= least && value <= most) return value;
    throw new OptionError(`--${name} must be a time from ${least}ms to ${most / 1000}s, such as ${usual}.`);
  };
  return {
    ...placeOf(given),
    buyers: whole('buyers', 2000, 1, 50_000),
    durationMs: time('duration', '60s', 1000, 3_600_000),
    thinkMs: time('think', '4s', 50, 600_000),
    arrival: oneOf('arrival', given.arrival ?? 'ramp', ['ramp', 'stampede']),
    mix: given.mix === undefined ? USUAL_MIX : mixOf(given.mix),
    seed: given.seed ?? '1',
    processes: whole('processes', 2, 1, 64),
    seats: Number(oneOf('seats', given.seats ?? '15000', ['120', '1350', '15000', '100000'])),
    accounts: whole('accounts', 120, 1, 10_000),
    bookShare: share(given.book ?? '0.04'),
    out: given.out ?? 'test-results/load',
    p99HoldMs: given['p99-hold'] === undefined ? null : time('p99-hold', '250ms', 1, 60_000),
    maxErrors: whole('max-errors', 0, 0, 1_000_000_000),
    help: given.help ?? false
  };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options: OPTIONS, strict: true, allowPositionals: false }).values;
  } catch (error) {
    const reason = (error instanceof Error ? error.message : String(error)).split(/[.\n]/)[0] ?? '';
    throw new OptionError(`${reason}. See --help.`);
  }
}

function placeOf(given: { url?: string; hosts?: string; show?: string }): Pick<LoadOptions, 'url' | 'hosts' | 'show'> {
  const { url } = given;
  if (url !== undefined && !(URL.canParse(url) && /^https?:$/.test(new URL(url).protocol)))
    throw new OptionError(`--url must begin with http:// or https://, not "${url}".`);
  if (given.show !== undefined && url === undefined)
    throw new OptionError('--show needs --url: a stack of its own has one show.');
  return { url: url?.replace(/\/+$/, '') ?? null, hosts: given.hosts ?? HOSTS_FILE, show: given.show ?? null };
}

function oneOf<const T extends string>(name: string, value: string, all: readonly T[]): T {
  const found = all.find((each) => each === value);
  if (found === undefined) throw new OptionError(`--${name} must be ${all.join(' or ')}, not "${value}".`);
  return found;
}

function share(text: string): number {
  const value = Number(text);
  if (text !== '' && value >= 0 && value <= 1) return value;
  throw new OptionError(`--book must be a share from 0 to 1, not "${text}".`);
}

function mixOf(text: string): Mix {
  try {
    return parseMix(text);
  } catch (error) {
    throw new OptionError(`--mix: ${error instanceof Error ? error.message : String(error)}.`);
  }
}
