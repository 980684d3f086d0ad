import type { HoldId } from '#domain/ids.ts';
import { seatState, SeatState as State, STATE_NAMES, type SeatIndex, type SeatState } from '#domain/seat-map.ts';
import type { LogEntry } from '../seats/fold.ts';

/** What is wrong with one entry of a show's log, or with all of it together. */
export interface LogFault {
  seat: SeatIndex | null;
  version: number;
  problem: string;
  entry: string;
}

/** Mending follows Postgres, whatever the map said before. */
const FROM_ANY = new Set(['mend', 'lost']);

/** The state that a seat must have had for this entry; null when any will do. */
function before({ state, cause }: LogEntry): SeatState | null {
  if (FROM_ANY.has(cause)) return null;
  if (state === State.held || state === State.blocked) return cause === 'revoke' ? State.held : State.available;
  if (state === State.booked) return State.held;
  if (cause === 'free') return State.booked;
  return cause === 'unblock' ? State.blocked : State.held;
}

/** Causes by which a hold gives up its own seats, or gets them booked: only the hold that has them may. */
const BY_ITS_HOLDER = new Set(['release', 'expire', 'revoke', 'book']);

const told = ({ state, cause, hold, buyer }: LogEntry) =>
  `${cause} → ${STATE_NAMES[state]}${hold === '' ? '' : ` by hold ${hold}`}${buyer === '' ? '' : ` of ${buyer}`}`;

/** What is known beside the entries themselves. */
export interface Known {
  /** The map that the log begins from; null where its beginning is lost. */
  begins: Uint8Array | null;
  /** Where entries are missing, as it was written down; `to` is null where nobody knows. */
  gaps: readonly { from: number; to: number | null }[];
}

/**
 * Plays the log again. Where it has lost its beginning, or after a gap, the first entry of a seat is believed. `map` is
 * what the show's map says at `version`: the end must be the same.
 */
export function replay(
  log: readonly LogEntry[],
  end: { epoch: number; version: number; capacity?: number; map: Uint8Array },
  known: Known = { begins: null, gaps: [] }
): LogFault[] {
  const faults: LogFault[] = [];
  const seats = new Map<SeatIndex, { state: SeatState; hold: HoldId | null }>();
  let { begins } = known;
  const stateBefore = (seat: SeatIndex) =>
    seats.get(seat) ?? (begins ? { state: seatState(begins, seat), hold: null } : undefined);
  let last: number | null = null;
  for (const entry of log) {
    const fault = (problem: string, seat: SeatIndex | null = null) =>
      faults.push({ seat, version: entry.version, problem, entry: told(entry) });
    if (entry.epoch !== end.epoch) fault(`belongs to epoch ${entry.epoch}, and the map to ${end.epoch}`);
    if (last !== null && entry.version !== last + 1) {
      const after = last + 1;
      const noted = known.gaps.some(({ from, to }) => from <= after && (to === null || to >= entry.version - 1));
      if (!noted) fault(`comes after version ${last}`);
      seats.clear();
      begins = null;
    }
    last = entry.version;
    const wanted = before(entry);
    for (const seat of entry.seats) {
      const was = stateBefore(seat);
      if (was && wanted !== null && was.state !== wanted) fault(`the seat was ${STATE_NAMES[was.state]}`, seat);
      else if (
        was &&
        BY_ITS_HOLDER.has(entry.cause) &&
        was.state === State.held &&
        was.hold !== null &&
        was.hold !== entry.hold
      )
        fault(`the seat was held by hold ${was.hold}`, seat);
      seats.set(seat, { state: entry.state, hold: entry.hold });
    }
  }
  if (last !== null && last !== end.version)
    faults.push({
      seat: null,
      version: last,
      problem: `is the last, and the map is at version ${end.version}`,
      entry: ''
    });
  if (begins) {
    for (let seat = 0; seat < (end.capacity ?? 0); seat++)
      if (!seats.has(seat)) seats.set(seat, { state: seatState(begins, seat), hold: null });
  }
  for (const [seat, { state }] of seats) {
    const shown = seatState(end.map, seat);
    if (shown === state) continue;
    const problem = `the log ends with ${STATE_NAMES[state]}, and the map says ${STATE_NAMES[shown]}`;
    faults.push({ seat, version: end.version, problem, entry: '' });
  }
  return faults;
}
