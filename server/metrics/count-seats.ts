import { isRefusal, type Refusal } from '#domain/refusal.ts';
import type { Metrics } from '../metrics.ts';
import type { Seats } from '../seats/seats.ts';

const REFUSED: Partial<Record<Refusal['code'], string>> = { SEAT_TAKEN: 'taken', CAP_REACHED: 'cap', BUSY: 'error' };

/**
 * The same seats, counted: wishes by their answer and how long it took, ended holds by what ended them. Around the engine
 * and not in it, so that what a click costs is read there without what counting it costs (1 µs, measured).
 */
export function countSeats(seats: Seats, metrics: Pick<Metrics, 'holds' | 'holdSeconds' | 'releases'>): Seats {
  const { holds, holdSeconds, releases } = metrics;

  async function wish<T extends object>(work: Promise<T | Refusal>): Promise<T | Refusal> {
    const began = performance.now();
    const answer = await work;
    holdSeconds.observe((performance.now() - began) / 1000);
    holds.inc({ result: isRefusal(answer) ? (REFUSED[answer.code] ?? 'refused') : 'ok' });
    return answer;
  }

  async function end<T>(cause: string, work: Promise<T | Refusal>): Promise<T | Refusal> {
    const answer = await work;
    if (!isRefusal(answer) && answer !== false) releases.inc({ cause });
    return answer;
  }

  return {
    ...seats,
    hold: (...asked) => wish(seats.hold(...asked)),
    best: (...asked) => wish(seats.best(...asked)),
    release: (...asked) => end('user', seats.release(...asked)),
    revoke: (...asked) => end('organizer', seats.revoke(...asked)),
    endHold: (...asked) => end('booking_over', seats.endHold(...asked)),
    book: (...asked) => end('commit', seats.book(...asked))
  };
}
