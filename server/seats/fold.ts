import type { Changes } from '#domain/protocol.ts';
import { encodeSeats, seatState, setSeatState, STATE_NAMES, type SeatIndex, type SeatState } from '#domain/seat-map.ts';

/** One entry of a show's log: these seats took this state at this version. */
export interface LogEntry {
  epoch: number;
  version: number;
  state: SeatState;
  seats: readonly SeatIndex[];
  cause: string;
  hold: string;
  buyer: string;
}

/**
 * Parses what XRANGE answers: [id, ['e', '<state> <seats> <cause> <hold> <buyer> <ms>']] as change.lua writes it.
 * The `load` entry that opens an epoch has no seats.
 */
export function parseEntry([id, [, text = '']]: [string, string[]]): LogEntry {
  const [epoch = 0, version = 0] = id.split('-').map(Number);
  const [state, seats, cause = '', hold = '', buyer = ''] = text.split(' ');
  return {
    epoch,
    version,
    state: Number(state) as SeatState,
    seats: seats ? seats.split(',').map(Number) : [],
    ...{ cause, hold, buyer }
  };
}

const byState = (last: Map<SeatIndex, SeatState>, from: number, to: number): Changes => {
  const changes: Changes = { from, to };
  const lists: SeatIndex[][] = [[], [], [], []];
  for (const [seat, state] of last) lists[state]?.push(seat);
  lists.forEach((seats, state) => {
    const name = STATE_NAMES[state];
    if (name && seats.length > 0) changes[name] = encodeSeats(seats.sort((a, b) => a - b));
  });
  return changes;
};

/**
 * Brings `map` up to date with the entries and answers what changed, each seat once with its last state.
 * A seat that came back to the state it had (held and released within one tick) is not mentioned at all.
 */
export function foldInto(map: Uint8Array, from: number, entries: readonly LogEntry[]): Changes {
  const last = new Map<SeatIndex, SeatState>();
  let to = from;
  for (const entry of entries) {
    for (const seat of entry.seats) last.set(seat, entry.state);
    to = entry.version;
  }
  for (const [seat, state] of last) {
    if (seatState(map, seat) === state) last.delete(seat);
    else setSeatState(map, seat, state);
  }
  return byState(last, from, to);
}

/** The same for a viewer whose map we do not have: the last state of every seat that was touched. */
export function foldFor(from: number, entries: readonly LogEntry[]): Changes {
  const last = new Map<SeatIndex, SeatState>();
  for (const entry of entries) for (const seat of entry.seats) last.set(seat, entry.state);
  return byState(last, from, entries.at(-1)?.version ?? from);
}

/** True when nothing but the version moved. */
export const isEmpty = (changes: Changes) => !changes.available && !changes.held && !changes.booked && !changes.blocked;
