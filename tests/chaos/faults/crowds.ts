import type { Fault, Field } from './fault.ts';

/** What buyers do that is hard to bear. */

/** Seats that can be had, from the back, where few others click. */
export async function freeSeats({ stack }: Field, count: number): Promise<number[]> {
  const { rows } = await stack.db.query<{ seat: number }>(
    `select seat_index as seat from booking_seat where show_id = $1 and live`,
    [stack.show]
  );
  const taken = new Set(rows.map(({ seat }) => seat));
  const free: number[] = [];
  for (let seat = stack.capacity - 1; seat >= 0 && free.length < count; seat--) if (!taken.has(seat)) free.push(seat);
  return free;
}

const ANSWERED_WITHIN_MS = 1000;

export const stampede: Fault = {
  id: 'N21',
  name: 'everybody clicks the same ten seats at the same moment',
  expected: 'Exactly ten get them; the others are told so within a second.',
  lastsMs: { long: 4000, short: 1500 },
  relaxes: {},
  alone: true,
  async begin(field) {
    const { workload, note, broke } = field;
    const seats = await freeSeats(field, 10);
    const done = await workload.ask('rush', { seats, perSeat: 8, buys: true });
    const winners = Object.values(done.winners);
    if (winners.some((count) => count > 1)) broke('I5', 'a seat was promised more than once in a stampede', done);
    // How late the clients are themselves, on a busy machine, is not the service's.
    if (done.slowestMs - done.ownDelayMs > ANSWERED_WITHIN_MS || done.unknown > 0)
      broke('L4', 'somebody who clicked in a stampede was not answered in time', done);
    note(
      `${winners.length} of ${seats.length} seats went to one client each, ${done.refused} refused, slowest ${Math.round(done.slowestMs)} ms (the clients themselves up to ${Math.round(done.ownDelayMs)} ms late)`
    );
    return undefined;
  }
};

export const deadlineRace: Fault = {
  id: 'N22',
  name: 'paying, letting go and clicking at the instant a hold ends',
  expected: 'One of them has the seat; sweepers and late releases change nothing that is another’s.',
  // A hold has to end within it.
  lastsMs: { long: 12_000, short: 10_000 },
  relaxes: {},
  async begin(field) {
    await field.workload.ask('race', { seats: await freeSeats(field, 15) });
    return undefined;
  }
};
