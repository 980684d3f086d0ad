/** WCAG 2.2 AA: 4.5 for text, 3 for what is not text but has to be seen to be used. */
export const TEXT = 4.5;
export const SHAPE = 3;

export interface Pair {
  ink: string;
  ground: string;
  /** What it has to reach. */
  least: number;
}

const each = (inks: string[], grounds: string[], least: number): Pair[] =>
  inks.flatMap((ink) => grounds.map((ground) => ({ ink, ground, least })));

const GROUNDS = ['house', 'stage', 'raised'];

/** Every pair of tokens that meets on the pages: the one is read, or seen, upon the other. */
export const PAIRS: readonly Pair[] = [
  ...each(['ink', 'ink-soft', 'ink-faint', 'accent', 'danger', 'good'], GROUNDS, TEXT),
  ...each(['ink', 'ink-soft', 'accent'], ['wash-accent'], TEXT),
  ...each(['ink', 'ink-soft', 'danger'], ['wash-danger'], TEXT),
  ...each(['ink', 'ink-soft', 'good'], ['wash-good'], TEXT),
  ...each(['on-accent'], ['accent'], TEXT),
  ...each(['house'], ['danger'], TEXT),
  ...each(['on-tier'], ['tier-1', 'tier-2', 'tier-3', 'tier-4', 'tier-5'], TEXT),
  ...each(['on-answer'], ['admitted', 'refused'], TEXT),
  ...each(['on-doubtful'], ['doubtful'], TEXT),
  ...each(['tier-1', 'tier-2', 'tier-3', 'tier-4', 'tier-5'], GROUNDS, SHAPE),
  ...each(['edge', 'accent'], GROUNDS, SHAPE)
];
