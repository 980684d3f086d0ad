import { collector, type CheckName, type Look, type Sources } from './check.ts';
import { mapFollowsBooks, onlyTheHolderBuys, readBooks } from './against-books.ts';
import { conservation, holdsExclude, liveCaps, overdue } from './live-seats.ts';
import { wholeLog } from './kept-log.ts';
import { readLiveShow } from './live-show.ts';
import { replay } from './seat-log.ts';

/** What Redis and the seat log show, alone and beside the books: every show that has a map. */
const CHECKS: readonly CheckName[] = [
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
  names: CHECKS,
  shows: ({ redis, keys }) => redis.scard(keys.shows),
  async look(sources) {
    const { found, add } = collector(CHECKS);
    for (const id of (await sources.redis.smembers(sources.keys.shows)).sort()) await lookAt(sources, id, add);
    return found;
  }
};

async function lookAt(sources: Sources, id: string, add: ReturnType<typeof collector>['add']): Promise<void> {
  const show = await readLiveShow(sources, id);
  if (!show) return;
  const booked = new Set(show.log.filter(({ cause }) => cause === 'book').map(({ hold }) => hold));
  const books = await readBooks(sources.sql, id, [...booked]);
  conservation(show, add);
  holdsExclude(show, add);
  overdue(show, add);
  const { log, known } = await wholeLog(sources.sql, show);
  for (const { seat, version, problem, entry } of replay(log, show, known)) {
    add('log-replays', `${id}/${version}/${seat ?? ''}`, { show: id, version, seat, problem, entry });
  }
  // A show that was deleted leaves its map behind until the nodes forget it.
  if (!books) return;
  liveCaps(show, books.cap, add);
  mapFollowsBooks(show, books, add);
  onlyTheHolderBuys(show, books, add);
}
