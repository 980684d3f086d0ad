/** A process whose clock is wrong by CHAOS_SKEW_MS: what Date says. Timers go on at their own pace, as they would there. */
const skew = Number(process.env['CHAOS_SKEW_MS'] ?? 0);
const TrueDate = Date;

class SkewedDate extends TrueDate {
  constructor(...given: unknown[]) {
    if (given.length === 0) super(TrueDate.now() + skew);
    else super(...(given as [number]));
  }
  static override now(): number {
    return TrueDate.now() + skew;
  }
  /** Those that Node itself made are dates too. */
  static override [Symbol.hasInstance](thing: unknown): boolean {
    return Object.prototype.toString.call(thing) === '[object Date]';
  }
}
// Called without `new`, Date answers a text.
globalThis.Date = new Proxy(SkewedDate, { apply: () => new SkewedDate().toString() }) as DateConstructor;
