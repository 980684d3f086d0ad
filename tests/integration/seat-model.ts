/**
 * What the scripts should do, said as simply as possible: maps in memory, one call after the other, a clock that
 * is moved by hand. The model test runs random commands against this and against the real scripts.
 */
export type Phase = 'selecting' | 'paying';
export interface ModelHold {
  id: string;
  buyer: string;
  seats: Set<number>;
  deadline: number;
  limit: number;
  phase: Phase;
  /** Where its seats are counted; '' for an offer, and for who calls from nowhere in particular. */
  network: string;
}

export const CAPACITY = 12;
export const CAP = 4;
export const TTL = 100_000;
export const LIMIT = 250_000;
export const LEASE = 300_000;
/** The hold of the house's own, in which freed seats wait until the waiting list has been asked. */
export const HOUSE = 'modelshow000.waitinglist0';
const ASIDE = 60_000;
/** An offer is kept longer than any hold could be. */
export const OFFER = 400_000;
/** What a hot show asks besides: an admission, at most so many seats of one network, and a first wait (ms). */
export const NETWORK_CAP = 5;
export const FIRST_WAIT = 60_000;
const LAPSES_FREE = 2;
const LONGEST_WAIT = 1_800_000;
/** Two buyers share a connection. */
export const networkOf = (buyer: string) => (buyer === 'u_cat' ? '' : 'n_shared');

export class SeatModel {
  now = 1_000_000;
  states: number[] = new Array<number>(CAPACITY).fill(0);
  holds = new Map<string, ModelHold>();
  open = new Map<string, string>();
  taken = new Map<string, number>();
  /** What Postgres knows: who has booked a seat. */
  booked = new Map<number, string>();
  blocked = new Set<number>();
  guardedUntil = 0;
  /** Until when each buyer is admitted. */
  admitted = new Map<string, number>();
  cooling = new Map<string, { until: number; lapses: number }>();
  bookedNetworks = new Map<number, string>();

  /** Held, being paid for and booked. */
  networkHas(network: string): number {
    const held = [...this.holds.values()].filter((hold) => hold.network === network);
    const booked = [...this.bookedNetworks.values()].filter((each) => each === network).length;
    return held.reduce((sum, { seats }) => sum + seats.size, booked);
  }

  #lapse(hold: ModelHold) {
    if (hold.id === HOUSE) return;
    const cool = (who: string, step: number, overOf: (lapses: number) => number) => {
      const lapses = (this.cooling.get(who)?.lapses ?? 0) + step;
      const over = overOf(lapses);
      const wait = Math.min(LONGEST_WAIT, FIRST_WAIT * 2 ** (over - 1));
      this.cooling.set(who, { until: over > 0 ? this.now + wait : 0, lapses });
    };
    cool(hold.buyer, 1, (lapses) => lapses - LAPSES_FREE);
    if (hold.network !== '') cool(hold.network, hold.seats.size, (lapsed) => Math.ceil(lapsed / NETWORK_CAP) - 1);
  }

  /** Why a buyer who has no hold may not begin one. */
  #notNow(buyer: string): string | null {
    if (this.openHold(buyer)) return null;
    if ((this.admitted.get(buyer) ?? 0) <= this.now) return 'ROOM';
    const waits = [buyer, networkOf(buyer)].some((who) => (this.cooling.get(who)?.until ?? 0) > this.now);
    return waits ? 'COOL' : null;
  }
  #networkFull(buyer: string, more: number): boolean {
    const hold = this.openHold(buyer);
    const network = hold ? hold.network : networkOf(buyer);
    return network !== '' && more > 0 && this.networkHas(network) + more > NETWORK_CAP;
  }

  #live = (hold: ModelHold | undefined) => (hold && hold.deadline > this.now ? hold : undefined);
  openHold(buyer: string): ModelHold | undefined {
    return this.#live(this.holds.get(this.open.get(buyer) ?? ''));
  }
  live(id: string): ModelHold | undefined {
    return this.#live(this.holds.get(id));
  }
  takenBy = (buyer: string) => this.taken.get(buyer) ?? 0;

  /** On sale again, or set aside for the waiting list. */
  #open(seats: Iterable<number>, fromHouse = false) {
    const all = [...seats];
    for (const seat of all) this.states[seat] = 0;
    if (this.guardedUntil <= this.now || fromHouse || all.length === 0) return;
    for (const seat of all) this.states[seat] = 1;
    this.#house([...(this.holds.get(HOUSE)?.seats ?? []), ...all]);
  }
  #house(seats: readonly number[]) {
    const times = { deadline: this.now + ASIDE, limit: this.now + ASIDE };
    if (seats.length === 0) this.holds.delete(HOUSE);
    else
      this.holds.set(HOUSE, {
        id: HOUSE,
        buyer: 'h_waiting',
        seats: new Set(seats),
        phase: 'selecting',
        network: '',
        ...times
      });
  }

  guard(ms: number, passed: readonly number[]) {
    this.guardedUntil = ms === 0 ? 0 : this.now + ms;
    const house = this.holds.get(HOUSE);
    if (!house) return;
    const [back, kept] = [[...house.seats], [...house.seats]].map((seats, n) =>
      seats.filter((seat) => (ms === 0 || passed.includes(seat)) === (n === 0))
    );
    this.#open(back ?? [], true);
    this.#house(kept ?? []);
  }

  offer(buyer: string, newId: string, count: number, firsts: number[]): string {
    if (this.live(newId)) return 'hold';
    if (this.openHold(buyer)) return 'HOLDING';
    if (count + this.takenBy(buyer) > CAP) return 'CAP';
    const house = this.holds.get(HOUSE);
    const block = firsts
      .map((from) => Array.from({ length: count }, (_, n) => from + n))
      .find((seats) => seats.every((seat) => this.states[seat] === 0 || house?.seats.has(seat)));
    if (!block) return 'TAKEN';
    if (house && block.some((seat) => house.seats.has(seat)))
      this.#house([...house.seats].filter((seat) => !block.includes(seat)));
    const times = { deadline: this.now + OFFER, limit: this.now + OFFER };
    this.holds.set(newId, { id: newId, buyer, seats: new Set(block), phase: 'selecting', network: '', ...times });
    this.open.set(buyer, newId);
    for (const seat of block) this.states[seat] = 1;
    return 'hold';
  }

  end(hold: ModelHold, ranOut = false) {
    if (ranOut) this.#lapse(hold);
    this.#open(hold.seats, hold.id === HOUSE);
    if (hold.phase === 'paying') this.taken.set(hold.buyer, this.takenBy(hold.buyer) - hold.seats.size);
    this.#forget(hold);
  }
  #forget(hold: ModelHold) {
    this.holds.delete(hold.id);
    if (this.open.get(hold.buyer) === hold.id) this.open.delete(hold.buyer);
  }
  #overdue = (seat: number) =>
    [...this.holds.values()].find((hold) => hold.seats.has(seat) && hold.deadline <= this.now);

  hold(buyer: string, newId: string, seats: number[]): string {
    const no = this.#notNow(buyer);
    if (no) return no;
    let hold = this.openHold(buyer);
    const fresh = seats.filter((seat) => !hold?.seats.has(seat));
    const late = new Set(fresh.flatMap((seat) => this.#overdue(seat) ?? []));
    // Others wait for a seat whose hold has run out: it is theirs first.
    const guarded = this.guardedUntil > this.now;
    if (fresh.some((seat) => this.states[seat] !== 0 && (guarded || !this.#overdue(seat)))) return 'TAKEN';
    let taken = this.takenBy(buyer);
    for (const each of late) if (each.buyer === buyer && each.phase === 'paying') taken -= each.seats.size;
    if ((hold?.seats.size ?? 0) + fresh.length + taken > CAP) return 'CAP';
    if (this.#networkFull(buyer, fresh.length)) return 'NETWORK';
    for (const each of late) this.end(each, true);
    if (!hold) {
      hold = {
        ...{ id: newId, buyer, seats: new Set<number>(), phase: 'selecting' as const },
        ...{ deadline: this.now + TTL, limit: this.now + LIMIT, network: networkOf(buyer) }
      };
      this.holds.set(newId, hold);
      this.open.set(buyer, newId);
    }
    for (const seat of fresh) {
      hold.seats.add(seat);
      this.states[seat] = 1;
    }
    return 'hold';
  }

  /** Overdue seats are not looked at: the sweep that brings them back is the caller's. */
  best(buyer: string, newId: string, count: number, firsts: number[], mayStrand: boolean): string {
    const no = this.#notNow(buyer);
    if (no) return no;
    if ((this.openHold(buyer)?.seats.size ?? 0) + count + this.takenBy(buyer) > CAP) return 'CAP';
    if (this.#networkFull(buyer, count)) return 'NETWORK';
    const free = (seat: number) => this.states[seat] === 0;
    const single = (near: number, far: number) => free(near) && !free(far);
    const first = firsts.find((from) => {
      if (single(from - 1, from - 2) || single(from + count, from + count + 1)) if (!mayStrand) return false;
      return Array.from({ length: count }, (_, n) => from + n).every(free);
    });
    if (first === undefined) return 'TAKEN';
    return this.hold(
      buyer,
      newId,
      Array.from({ length: count }, (_, n) => first + n)
    );
  }

  release(buyer: string, seats: number[]): string {
    const hold = this.holds.get(this.open.get(buyer) ?? '');
    if (!hold) return 'NONE';
    if (hold.deadline <= this.now) {
      this.end(hold, true);
      return 'NONE';
    }
    const kept = [...hold.seats].filter((seat) => seats.length > 0 && !seats.includes(seat));
    if (kept.length === 0) {
      this.end(hold);
      return 'NONE';
    }
    this.#open([...hold.seats].filter((seat) => !kept.includes(seat)));
    hold.seats = new Set(kept);
    return 'hold';
  }

  extend(buyer: string): string {
    const hold = this.openHold(buyer);
    if (!hold) return 'NONE';
    const deadline = Math.min(this.now + TTL, hold.limit);
    if (deadline <= hold.deadline) return hold.deadline >= hold.limit ? 'LIMIT' : 'hold';
    hold.deadline = deadline;
    return 'hold';
  }

  lease(id: string, buyer: string): string {
    const hold = this.live(id);
    if (!hold) return 'NONE';
    if (hold.buyer !== buyer) return 'FOREIGN';
    if (hold.phase === 'paying') return 'hold';
    hold.phase = 'paying';
    hold.deadline = this.now + LEASE;
    if (this.open.get(buyer) === id) this.open.delete(buyer);
    this.taken.set(buyer, this.takenBy(buyer) + hold.seats.size);
    return 'hold';
  }

  unlease(id: string, buyer: string): string {
    const hold = this.live(id);
    if (!hold) return 'NONE';
    if (hold.buyer !== buyer) return 'FOREIGN';
    if (hold.phase !== 'paying') return 'hold';
    if (this.open.has(buyer) || hold.limit <= this.now) {
      this.end(hold);
      return 'NONE';
    }
    hold.phase = 'selecting';
    hold.deadline = Math.min(this.now + TTL, hold.limit);
    this.open.set(buyer, id);
    this.taken.set(buyer, this.takenBy(buyer) - hold.seats.size);
    return 'hold';
  }

  book(id: string) {
    const hold = this.holds.get(id);
    if (!hold) return;
    for (const seat of hold.seats) {
      this.states[seat] = 2;
      this.booked.set(seat, hold.buyer);
      if (hold.network !== '') this.bookedNetworks.set(seat, hold.network);
    }
    this.cooling.delete(hold.buyer);
    this.#forget(hold);
  }

  free(seat: number) {
    const buyer = this.booked.get(seat);
    if (buyer === undefined) return;
    this.booked.delete(seat);
    this.bookedNetworks.delete(seat);
    this.#open([seat]);
    this.taken.set(buyer, this.takenBy(buyer) - 1);
  }

  block(seat: number, blocked: boolean) {
    if (this.states[seat] !== (blocked ? 0 : 3)) return;
    if (blocked) this.states[seat] = 3;
    else this.#open([seat]);
    if (blocked) this.blocked.add(seat);
    else this.blocked.delete(seat);
  }

  expire() {
    const overdue = [...this.holds.values()].filter((hold) => hold.deadline <= this.now);
    // What the house sets aside in this very sweep goes with it, if its own time is up.
    overdue.sort((a, b) => a.deadline - b.deadline || (a.id < b.id ? -1 : 1));
    for (const { id } of overdue) {
      const hold = this.holds.get(id);
      if (hold) this.end(hold, true);
    }
  }

  /** Redis lost everything and was rebuilt: what Postgres has is there, holds are gone. */
  rebuild() {
    this.holds.clear();
    this.guardedUntil = 0;
    this.open.clear();
    this.cooling.clear();
    this.bookedNetworks.clear();
    this.taken.clear();
    this.states = this.states.map((_, seat) => (this.booked.has(seat) ? 2 : this.blocked.has(seat) ? 3 : 0));
    for (const buyer of this.booked.values()) this.taken.set(buyer, this.takenBy(buyer) + 1);
  }
}
