import type { ReadZone } from './contents.ts';
import type { Findings } from './findings.ts';
import { PIXELS_PER_UNIT } from './format.ts';

/** Within this factor of our own scale a file is taken as drawn in it: arcs and aisles blur what is measured. */
const LIKE_OURS = 1.25;
const SAMPLES_AT_MOST = 20_000;

/**
 * Pixels of our unit in this file: the usual distance of neighbours in a row. Files are drawn in whatever grid their
 * author liked; seats 12 pixels apart would otherwise overlap, and those 60 apart be lost on the map.
 */
export function measureScale(zones: readonly ReadZone[], found: Findings): number {
  const gaps: number[] = [];
  for (const { rows } of zones) {
    for (const { seats } of rows) {
      for (let n = 1; n < seats.length && gaps.length < SAMPLES_AT_MOST; n++) {
        const [a, b] = [seats[n - 1], seats[n]];
        const gap = a && b ? Math.hypot(a.x - b.x, a.y - b.y) : 0;
        if (gap > 0) gaps.push(gap);
      }
    }
  }
  const usual = gaps.sort((a, b) => a - b)[(gaps.length - 1) >> 1] ?? PIXELS_PER_UNIT;
  const isLikeOurs = usual <= PIXELS_PER_UNIT * LIKE_OURS && usual >= PIXELS_PER_UNIT / LIKE_OURS;
  if (isLikeOurs || usual < 1) return PIXELS_PER_UNIT;
  found.repair('zones', `neighbours stand ${Math.round(usual)} pixels apart, not ${PIXELS_PER_UNIT}`, 'scaled');
  return usual;
}
