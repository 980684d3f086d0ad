import type { ShowId } from '#domain/ids.ts';
import { collector, type CheckName, type Look, type Sources } from './check.ts';
import { mapFollowsBooks, onlyTheHolderBuys, readBooks, type Books } from './against-books.ts';
import { conservation, holdsExclude, liveCaps, overdue } from './live-seats.ts';
import { wholeLog } from './kept-log.ts';
import { BrokenMap, readLiveShow, type LiveShow } from './live-show.ts';
import { replay } from './seat-log.ts';

type Add = ReturnType<typeof collector>['add'];

/** What Redis and the seat log show, alone and beside the books: every show that has a map. */
export const LIVE_CHECKS: readonly CheckName[] = [
  { invariant: 'I5', name: 'holds-exclude', says: 'A held seat is in exactly one hold, and that hold ends.' },
  { invariant: 'I6', name: 'only-the-holder-buys', says: 'What the log calls booked was paid for by whoever held it.' },
  { invariant: 'I7', name: 'caps-of-holds', says: 'Nobody holds more seats than the cap leaves them.' },
  {
    invariant: 'I8',
    name: 'map-follows-books',
    says: 'No sold seat is on sale, and no seat reads as sold that is not.'
  },
  {
    invariant: 'I10',
    name: 'log-replays',
    says: 'The kept log and what Redis still has of it allow each step, have no gap, and end where the map is.'
  },
  { invariant: 'I11', name: 'conservation', says: 'Available, held, booked and blocked add up to the capacity.' },
  { invariant: 'L1', name: 'holds-end', says: 'Every hold ended within a second of its deadline.' }
];

export const liveLook: Look & { shows(sources: Sources): Promise<number> } = {
  names: LIVE_CHECKS,
  shows: ({ redis, keys }) => redis.scard(keys.shows),
  async look(sources) {
    const { found, add } = collector(LIVE_CHECKS);
    for (const id of (await sources.redis.smembers(sources.keys.shows)).sort()) await lookAt(sources, id, add);
    return found;
  }
};

/** What one look at a show read, for those who mend what it found. */
export interface SeenShow {
  show: LiveShow;
  /** Null for a show that was deleted: it leaves its map behind until the nodes forget it. */
  books: Books | null;
}

/**
 * Looks at one show, on demand without its log, which is the most to read. Null where no map stands, or one that means
 * nothing.
 */
export async function lookAt(
  sources: Sources,
  id: ShowId,
  add: Add,
  how: { withLog: boolean } = { withLog: true }
): Promise<SeenShow | null> {
  const show = await readOrReport(sources, id, add, how);
  if (!show) return null;
  const booked = new Set(show.log.filter(({ cause }) => cause === 'book').map(({ hold }) => hold));
  const books = await readBooks(sources.sql, id, [...booked]);
  conservation(show, add);
  holdsExclude(show, add);
  overdue(show, add);
  const { log, known } = how.withLog ? await wholeLog(sources.sql, show) : { log: [], known: undefined };
  for (const { seat, version, problem, entry } of replay(log, show, known)) {
    add('log-replays', `${id}/${version}/${seat ?? ''}`, { show: id, version, seat, problem, entry });
  }
  if (!books) return { show, books };
  liveCaps(show, books.cap, add);
  mapFollowsBooks(show, books, add);
  onlyTheHolderBuys(show, books, add);
  return { show, books };
}

async function readOrReport(
  sources: Sources,
  id: ShowId,
  add: Add,
  how: { withLog: boolean }
): Promise<LiveShow | null> {
  try {
    return await readLiveShow(sources, id, how);
  } catch (error) {
    if (!(error instanceof BrokenMap) && !isWrongType(error)) throw error;
    add('conservation', `${id}/broken`, { show: id, what: error.message });
    return null;
  }
}

const isWrongType = (error: unknown): error is Error => error instanceof Error && error.message.startsWith('WRONGTYPE');
