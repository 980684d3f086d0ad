import { countStates, SeatState as State, seatState } from '#domain/seat-map.ts';
import type { LiveShow } from './live-show.ts';

/** What must be true of a show in Redis by itself. */
type Add = (name: string, key: string, evidence: Record<string, unknown>) => void;

/** A deadline is swept every 100 ms; a second is what is promised. */
const LATE_MS = 1000;
/** Whose hold keeps the seats that wait for the waiting list (seats/scripts/includes/change.lua): nobody's, and no cap's. */
const HOUSE = 'h_waiting';

export function conservation(show: LiveShow, add: Add): void {
  const counts = countStates(show.map, show.capacity);
  const wrong = (what: string, evidence: object) =>
    add('conservation', `${show.id}/${what}`, { show: show.id, what, ...evidence });
  if (counts.booked !== show.counted.booked) wrong('booked', { map: counts.booked, head: show.counted.booked });
  if (counts.blocked !== show.counted.blocked) wrong('blocked', { map: counts.blocked, head: show.counted.blocked });
  if (counts.held !== show.owners.size) wrong('held', { map: counts.held, owned: show.owners.size });
  if (show.beyond) wrong('seats behind the last one', { capacity: show.capacity });
}

export function holdsExclude(show: LiveShow, add: Add): void {
  const wrong = (key: string, problem: string, evidence: object) =>
    add('holds-exclude', `${show.id}/${key}`, { show: show.id, problem, ...evidence });
  for (const [seat, hold] of show.owners) {
    const state = seatState(show.map, seat);
    if (state !== State.held) wrong(`seat ${seat}`, 'has an owner and is not held', { seat, hold, state });
    if (!show.deadlines.has(hold)) wrong(`seat ${seat}`, 'is held by a hold that never ends', { seat, hold });
  }
  for (let seat = 0; seat < show.capacity; seat++) {
    if (seatState(show.map, seat) === State.held && !show.owners.has(seat))
      wrong(`nobody/${seat}`, 'is held, and nobody has it', { seat });
  }
  for (const hold of show.deadlines.keys()) {
    if (!show.holds.has(hold)) wrong(`${hold}/gone`, 'a hold has a deadline, and nothing else', { hold });
  }
  for (const [id, hold] of show.holds) {
    const open = (show.deadlines.get(id) ?? 0) > show.now && hold.buyer !== HOUSE;
    if (open && !hold.found) wrong(`${id}/unknown`, 'its buyer cannot find a hold', { hold: id });
    for (const seat of hold.seats) {
      const owner = show.owners.get(seat) ?? null;
      if (owner !== id) wrong(`${id}/${seat}`, 'a hold names a seat that is not its own', { seat, hold: id, owner });
    }
  }
}

export function overdue(show: LiveShow, add: Add): void {
  for (const [hold, deadline] of show.deadlines) {
    const lateMs = show.now - deadline;
    if (lateMs > LATE_MS)
      add('holds-end', `${show.id}/${hold}`, { show: show.id, hold, deadline: new Date(deadline), lateMs });
  }
}

/** `cap` is the highest that the show ever had. */
export function liveCaps(show: LiveShow, cap: number, add: Add): void {
  const selecting = [...show.holds].filter(([, hold]) => hold.phase === 'selecting');
  for (const [id, { buyer, seats }] of selecting) {
    if (buyer === HOUSE) continue;
    const taken = show.taken.get(buyer) ?? 0;
    if (seats.length + taken <= cap) continue;
    add('caps-of-holds', `${show.id}/${buyer}`, { show: show.id, buyer, hold: id, held: seats.length, taken, cap });
  }
}
