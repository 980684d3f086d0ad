/** Randomness that a seed repeats: the same seed, the same buyers and the same choices. */
export type Random = () => number;

/** Mulberry32 over a hash of the seed (FNV-1a): small, fast, and good enough to choose seats by. 0 … 1. */
export function seeded(seed: string): Random {
  let state = 2_166_136_261;
  for (let n = 0; n < seed.length; n++) state = Math.imul(state ^ seed.charCodeAt(n), 16_777_619);
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** A whole number from `least` to `most`. */
export const between = (random: Random, least: number, most: number) =>
  least + Math.floor(random() * (most - least + 1));
