import type { Histogram } from 'hdr-histogram-js';

/** ms that so many percent took at most; null while there is nothing to tell. */
export const percentileMs = (histogram: Histogram | undefined, percent: number): number | null =>
  histogram && histogram.totalCount > 0 ? histogram.getValueAtPercentile(percent) / 1000 : null;
