import { that_seat } from '#domain/messages/compiled/seat_map.js';
import * as m from '#domain/messages/compiled/show.js';
import { LiveMap } from '#domain/live-map.ts';
import type { Hold, SaleState, SeatWish, ShowNotice } from '#domain/protocol.ts';
import { SeatState, STATE_NAMES, type SeatIndex, type SeatStateName } from '#domain/seat-map.ts';
import { Commands, type Command } from './commands.ts';
import { Crowd } from './crowd.svelte.ts';
import { endedInWords, refusalInWords, timeLeft } from './show-words.ts';
import { ANSWER_MS, connected, type Refused, type ShowSocket } from './wire.ts';

export type SeatLook = SeatStateName | 'yours' | 'pending';

export interface Trouble {
  text: string;
  /** Seats the server offers instead. */
  instead: SeatIndex[];
  /** The show's waiting room is the way to its seats. */
  room: boolean;
}

/** News of many seats reach the seat list in one go, this often at most (ms). */
const BATCH_MS = 40;
const BACK_MS = 1000;

/**
 * One show as its buyer sees it: the live map, their hold, and what is being asked of the server. The canvas, the
 * seat list and the panel all read this one store. Clicks show at once as pending; the server's answer decides.
 */
export class LiveShow {
  readonly live = new LiveMap();
  readonly showId: string;
  readonly crowd: Crowd;
  hold = $state.raw<Hold | null>(null);
  sale = $state<SaleState>('open');
  /** The show does not take place. */
  cancelled = $state(false);
  connection = $state<'connecting' | 'live' | 'lost'>('connecting');
  /** Goes up when the hold ends by other hands than the buyer's. */
  ended = $state(0);
  /** Goes up when times or prices of the show are other ones, to be read again. */
  termsChanged = $state(0);
  notices = $state.raw<readonly ShowNotice[]>([]);
  trouble = $state.raw<Trouble | null>(null);
  /** Best seats are being looked for. */
  finding = $state(false);
  /** So many together were asked for, and there are none. */
  nothingFits = $state(false);
  /** Seats that became ours without a click on them: the map brings them into view. */
  found = $state.raw<readonly SeatIndex[]>([]);
  /** What the polite live region says. */
  said = $state('');
  /** The server's clock at the moment this was set. */
  serverTime = $state(0);
  /** Goes up when any seat may look different. */
  revision = $state(0);
  /** Names a seat for messages; set when the plan is here. */
  nameOf: (seat: SeatIndex) => string = () => that_seat();
  /** The plan that is on the screen; set when it is here. Seats clicked on another one are not taken. */
  planId: string | null = null;
  /** Called when the show may have another seating plan: the one on the screen is to be read again. */
  onPlan: () => void = () => undefined;
  /** Called when the waiting list has seats for this reader. */
  onOffer: () => void = () => undefined;
  readonly #listeners = new Set<(seats: readonly SeatIndex[] | 'all') => void>();
  readonly #pending = new Set<SeatIndex>();
  #mine: ReadonlySet<SeatIndex> = new Set();
  #socket: ShowSocket | null = null;
  /** The socket that is to come, for what is clicked before it is here; null while nobody watches. */
  #coming: Promise<ShowSocket> | null = null;
  readonly #commands = new Commands();
  #watching = false;
  #missed = false;
  #heardAt = 0;
  #batch: ReturnType<typeof setTimeout> | undefined;

  constructor(showId: string, first: { hold: Hold | null; sale: SaleState; serverTime: number; cancelled?: boolean }) {
    this.showId = showId;
    this.crowd = new Crowd(showId);
    this.sale = first.sale;
    this.cancelled = first.cancelled ?? false;
    this.#hear(first.serverTime);
    this.#keep(first.hold);
    this.live.onChange((seats) => {
      this.#tell(seats);
      if (seats === 'all') return;
      this.crowd.sold(seats.filter((seat) => this.live.state(seat) === SeatState.booked).length);
    });
  }

  get mine(): ReadonlySet<SeatIndex> {
    return this.#mine;
  }

  look(seat: SeatIndex): SeatLook {
    if (this.#pending.has(seat)) return 'pending';
    if (this.#mine.has(seat)) return 'yours';
    return STATE_NAMES[this.live.state(seat)];
  }

  onSeats(listener: (seats: readonly SeatIndex[] | 'all') => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Connects and watches until the function it returns is called; as this guest, where no cookie says who we are. */
  start(buyerToken?: string): () => void {
    let leave: (() => void) | undefined;
    let close: (() => void) | undefined;
    this.#coming = new Promise((come) => {
      close = connected((socket) => {
        this.#socket = socket;
        leave = this.#listen(socket);
        come(socket);
      }, buyerToken);
    });
    return () => {
      clearTimeout(this.#batch);
      leave?.();
      close?.();
      [this.#socket, this.#coming] = [null, null];
    };
  }

  #listen(socket: ShowSocket): () => void {
    let back: ReturnType<typeof setTimeout> | undefined;
    const ours =
      <E extends { showId: string }>(handle: (event: E) => void) =>
      (event: E) => {
        if (event.showId === this.showId) handle(event);
      };
    socket.on('connect', () => void this.#watch());
    socket.on('disconnect', (reason) => {
      this.connection = 'lost';
      // Signed out in another tab: the server closed this one's socket, and it goes on as whoever it is now.
      if (reason === 'io server disconnect') back = setTimeout(() => socket.connect(), BACK_MS);
    });
    socket.on('connect_error', () => (this.connection = 'lost'));
    socket.on(
      'seats',
      ours((frame) => {
        const newEpoch = frame.epoch > this.live.epoch;
        if (this.live.frame(frame) === 'gap') this.#watchAgain(newEpoch);
      })
    );
    socket.on(
      'version',
      ours((event) => {
        if (this.live.check(event) === 'gap') this.#watchAgain(event.epoch > this.live.epoch);
      })
    );
    socket.on(
      'hold',
      ours((event) => this.#keep(event.hold))
    );
    socket.on(
      'hold:ended',
      ours(({ reason }) => {
        this.#keep(null);
        this.#explain(endedInWords(reason));
        this.ended++;
        void this.#watch();
      })
    );
    socket.on(
      'show:changed',
      ours(({ sale, live, plan, terms, cancelled }) => {
        if (plan) this.onPlan();
        if (terms) this.termsChanged++;
        if (cancelled) this.cancelled = true;
        // The server has lost its own sight of the seats; when it sees them again, so shall we.
        if (live === false) this.connection = 'lost';
        if (live === true) void this.#watch();
        if (!sale || sale === this.sale) return;
        this.sale = sale;
        if (sale === 'open') this.trouble = null;
        const said = { open: m.said_goes_on, paused: m.said_paused, closed: m.said_closed };
        this.said = cancelled ? m.said_cancelled() : said[sale]();
      })
    );
    socket.on(
      'waiting:offer',
      ours(() => this.onOffer())
    );
    socket.on(
      'show:notice',
      ours((notice) => (this.notices = [...this.notices, notice].slice(-3)))
    );
    const leaveCrowd = this.crowd.start(socket);
    return () => {
      leaveCrowd();
      clearTimeout(back);
    };
  }

  /** A click on a seat: takes it, or lets it go when it is ours. */
  toggle(seat: SeatIndex) {
    const look = this.look(seat);
    if (look === 'yours') this.release([seat]);
    else if (look === 'available') void this.take([seat]);
    // Asked all the same: the answer brings what is free beside it, and the hold may just have run out.
    else if (look === 'held' || look === 'booked') {
      const payload = this.#wanted([seat]);
      void this.#ask([], (socket) => socket.emitWithAck('seats:hold', payload), {
        ifTaken: (look === 'held' ? m.seat_is_held : m.seat_is_booked)({ seat: this.nameOf(seat) })
      });
    }
  }

  take(seats: SeatIndex[]): Promise<void> {
    const payload = this.#wanted(seats);
    return this.#ask(seats, (socket) => socket.emitWithAck('seats:hold', payload));
  }

  #wanted(seats: SeatIndex[]) {
    const plan = this.planId === null ? {} : { planId: this.planId };
    return { showId: this.showId, seats, requestId: crypto.randomUUID(), ...plan };
  }

  /** So many together: the server chooses them, and takes them in the same step. */
  best(wish: SeatWish) {
    if (this.finding) return;
    const requestId = crypto.randomUUID();
    const before = this.#mine;
    this.finding = true;
    const asked = this.#ask([], (socket) =>
      socket.emitWithAck('seats:best', { showId: this.showId, ...wish, requestId })
    );
    void asked.then(() => {
      this.finding = false;
      this.#showFound([...this.#mine].filter((seat) => !before.has(seat)));
    });
  }

  /** The seats that were offered with the last refusal. */
  takeInstead() {
    const seats = this.trouble?.instead ?? [];
    if (seats.length > 0) void this.take(seats).then(() => this.#showFound(seats));
  }

  release(seats?: SeatIndex[]) {
    const payload = { showId: this.showId, ...(seats ? { seats } : {}) };
    void this.#ask(seats ?? [...this.#mine], (socket) => socket.emitWithAck('seats:release', payload));
  }

  extend() {
    const before = this.hold?.deadline ?? Infinity;
    // Twice would be twice as long.
    const asked = this.#ask([], (socket) => socket.emitWithAck('hold:extend', { showId: this.showId }), {
      again: false
    });
    void asked.then(() => {
      const deadline = this.hold?.deadline ?? 0;
      if (deadline > before) this.said = m.more_time_told({ time: timeLeft(deadline - this.now()) });
    });
  }

  /** What we hold may have changed where this page was not told of. */
  askAgain() {
    void this.#watch();
  }

  /** The server's clock. */
  now(): number {
    return this.serverTime + performance.now() - this.#heardAt;
  }

  /** Words of our own beside those from the house. */
  announce(text: string) {
    const notice: ShowNotice = { showId: this.showId, text, level: 'info', at: Date.now() };
    this.notices = [...this.notices, notice].slice(-3);
  }

  /** What a seat looks like, or costs, is to be read again. */
  touch() {
    this.revision++;
  }

  dismiss(notice: ShowNotice) {
    this.notices = this.notices.filter((other) => other !== notice);
  }

  /** Done when the answer is worked in. */
  async #ask(
    seats: SeatIndex[],
    send: Command['send'],
    { ifTaken, again = true }: { ifTaken?: string; again?: boolean } = {}
  ): Promise<void> {
    const coming = this.#coming;
    if (!coming) return;
    this.trouble = null;
    for (const seat of seats) this.#pending.add(seat);
    this.#tell(seats);
    const why = this.connection === 'connecting' ? m.still_connecting() : m.connection_lost();
    const waits = () => this.#explain(`${why} ${m.asked_when_through()}`);
    if (!this.#socket) waits();
    const answer = await this.#commands.ask(coming, { send, again, waits });
    for (const seat of seats) this.#pending.delete(seat);
    if (answer === 'unsent') this.#explain(m.not_asked());
    else if (answer === 'unknown') {
      // Whether it was done we cannot know: the server tells when we watch again.
      this.#explain(m.no_answer());
      void this.#watch();
    } else if (answer.ok) {
      this.trouble = null;
      this.#keep(answer.hold, seats.length > 0 ? seats : (answer.hold?.seats ?? []));
    } else this.#refused(answer, seats, ifTaken);
    this.#tell(seats);
  }

  #hear(serverTime: number) {
    this.serverTime = serverTime;
    this.#heardAt = performance.now();
  }

  #showFound(seats: readonly SeatIndex[]) {
    if (seats.every((seat) => this.#mine.has(seat))) this.found = seats;
  }

  #refused(answer: Refused, asked: SeatIndex[], ifTaken?: string) {
    const taken = answer.code === 'SEAT_TAKEN' ? ifTaken : undefined;
    const text = taken ?? refusalInWords(answer, asked, this.nameOf);
    this.#explain(text, answer.alternatives?.[0], answer.code === 'NOT_ADMITTED');
    if (answer.code === 'SEAT_TAKEN' && answer.seats?.length === 0) this.nothingFits = true;
    if (answer.code === 'HOLD_EXPIRED') void this.#watch();
    if (answer.code === 'CHANGED_MEANWHILE') this.onPlan();
    if (answer.code === 'SALE_PAUSED') this.sale = 'paused';
  }

  #explain(text: string, instead: SeatIndex[] = [], room = false) {
    this.trouble = { text, instead, room };
    this.said = text;
  }

  #keep(hold: Hold | null, asked: readonly SeatIndex[] = []) {
    const before = this.#mine;
    this.hold = hold;
    this.#mine = new Set(hold?.seats);
    const gained = asked.filter((seat) => this.#mine.has(seat) && !before.has(seat));
    const lost = asked.filter((seat) => !this.#mine.has(seat) && before.has(seat));
    if (gained.length > 0) this.said = m.held_for_you({ seats: gained.map((seat) => this.nameOf(seat)).join(', ') });
    if (lost.length > 0) this.said = m.seats_let_go({ seats: lost.map((seat) => this.nameOf(seat)).join(', ') });
    this.#tell([...before, ...this.#mine]);
  }

  #tell(seats: readonly SeatIndex[] | 'all') {
    for (const listener of this.#listeners) listener(seats);
    this.#batch ??= setTimeout(() => {
      this.#batch = undefined;
      this.revision++;
    }, BATCH_MS);
  }

  /** After a new epoch everybody asks at once: a random pause spreads them out. */
  #watchAgain(newEpoch: boolean) {
    if (this.#watching) this.#missed = true;
    else setTimeout(() => void this.#watch(), newEpoch && this.live.epoch > 0 ? Math.random() * 1000 : 0);
  }

  async #watch(): Promise<void> {
    const socket = this.#socket;
    if (this.#watching || !socket?.connected) return;
    this.#watching = true;
    this.#missed = false;
    const known = this.live.epoch > 0 ? { epoch: this.live.epoch, version: this.live.version } : {};
    const asked = performance.now();
    const answer = await socket
      .timeout(ANSWER_MS)
      .emitWithAck('show:watch', { showId: this.showId, ...known })
      .catch(() => null);
    this.#watching = false;
    if (!this.#socket) return;
    if (!answer?.ok) {
      this.connection = 'lost';
      if (answer) this.#explain(answer.message);
      setTimeout(() => void this.#watch(), 2000);
      return;
    }
    // Half of the way there and back is the answer's age.
    this.#hear(answer.serverTime + (performance.now() - asked) / 2);
    this.sale = answer.sale;
    this.cancelled = answer.cancelled;
    this.connection = 'live';
    this.crowd.watched(answer.viewers);
    this.#keep(answer.hold);
    if (this.live.snapshot(answer) === 'gap' || this.#missed) this.#watchAgain(false);
  }
}
