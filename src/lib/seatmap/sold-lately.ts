/** How fast a show sells: seats that became booked in the last minute, as this page saw it. */
const MINUTE_MS = 60_000;
/** Counted in so many ms together: a minute of a stadium's opening is a dozen numbers. */
const STEP_MS = 5000;

export class SoldLately {
  #steps: { at: number; sold: number }[] = [];

  sold(count: number, now: number) {
    if (count === 0) return;
    const last = this.#steps.at(-1);
    if (last && now - last.at < STEP_MS) last.sold += count;
    else this.#steps.push({ at: now, sold: count });
  }

  /** In the minute before `now`. */
  lastMinute(now: number): number {
    this.#steps = this.#steps.filter(({ at }) => now - at < MINUTE_MS);
    return this.#steps.reduce((sum, { sold }) => sum + sold, 0);
  }
}
