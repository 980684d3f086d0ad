import { hash, verify } from '@node-rs/argon2';

/** argon2id at OWASP's floor: 19 MiB, two passes, one lane. */
const ARGON2ID = 2;
const COST = { algorithm: ARGON2ID, memoryCost: 19_456, timeCost: 2, parallelism: 1 };
/**
 * Each hash takes 19 MiB and one of libuv's four threads. With four at once those are all taken: on two cores fewer
 * passwords a second were checked than with two, and zipping a plan took 60 ms in the place of half a millisecond.
 */
const AT_ONCE = 2;
/** More in line would outlive the patience of those who wait. */
const IN_LINE = 200;

export class TooManyPasswords extends Error {}

export interface Passwords {
  hash(password: string): Promise<string>;
  /** Takes as long for an unknown account (`null`) as for a known one, so that time tells nobody who has one. */
  verify(stored: string | null, password: string): Promise<boolean>;
}

export function createPasswords(): Passwords {
  let running = 0;
  const line: (() => void)[] = [];

  async function inTurn<T>(work: () => Promise<T>): Promise<T> {
    if (running >= AT_ONCE) {
      if (line.length >= IN_LINE) throw new TooManyPasswords();
      // Whoever finishes hands their turn over, so nobody can step in between.
      await new Promise<void>((go) => line.push(go));
    } else running++;
    try {
      return await work();
    } finally {
      const next = line.shift();
      if (next) next();
      else running--;
    }
  }

  let nobody: Promise<string> | undefined;
  return {
    hash: (password) => inTurn(() => hash(password, COST)),
    verify: (stored, password) =>
      inTurn(async () => {
        // Made by the first who signs in, known or not.
        const standIn = await (nobody ??= hash('nobody has this password', COST));
        // What is no hash (an account nobody may sign in to) is checked like an account that does not exist.
        const real = stored?.startsWith('$argon2id$') ? stored : null;
        const fits = await verify(real ?? standIn, password);
        return fits && real !== null;
      })
  };
}
