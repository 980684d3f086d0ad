import { hash, verify } from '@node-rs/argon2';

/** argon2id at OWASP's floor: 19 MiB, two passes, one lane. */
const ARGON2ID = 2;
const COST = { algorithm: ARGON2ID, memoryCost: 19_456, timeCost: 2, parallelism: 1 };
/** Each hash takes 19 MiB and a core: more at once would starve the sale, more in line would outlive the visitors. */
const AT_ONCE = 2;
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
      await new Promise<void>((go) => line.push(go));
    }
    running++;
    try {
      return await work();
    } finally {
      running--;
      line.shift()?.();
    }
  }

  let nobody: Promise<string> | undefined;
  return {
    hash: (password) => inTurn(() => hash(password, COST)),
    async verify(stored, password) {
      const against = stored ?? (await (nobody ??= hash('nobody has this password', COST)));
      const fits = await inTurn(() => verify(against, password));
      return fits && stored !== null;
    }
  };
}
