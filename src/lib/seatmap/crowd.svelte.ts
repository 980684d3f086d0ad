import { SoldLately } from './sold-lately.ts';
import type { ShowSocket } from './wire.ts';

/** So often (ms) at most the server is told what the reader has before them. */
const LOOK_MS = 4000;
const SOLD_MS = 5000;

/** What is told of the others: how many watch, where many look, how fast it sells. Never who. */
export class Crowd {
  viewers = $state(0);
  /** People by section, where at least ten look; see the event `looks`. */
  sections = $state.raw<Readonly<Record<string, number>>>({});
  /** Seats sold in the last minute, as this page saw it. */
  soldLately = $state(0);
  readonly #showId: string;
  readonly #sold = new SoldLately();
  #socket: ShowSocket | null = null;
  #section: string | null = null;
  /** What the server was told; undefined when it may have forgotten. */
  #told: string | null | undefined = null;
  #telling: ReturnType<typeof setTimeout> | undefined;

  constructor(showId: string) {
    this.#showId = showId;
  }

  /** Listens until the function it returns is called. */
  start(socket: ShowSocket): () => void {
    this.#socket = socket;
    socket.on('viewers', ({ showId, count }) => {
      if (showId === this.#showId) this.viewers = count;
    });
    socket.on('looks', ({ showId, sections }) => {
      if (showId === this.#showId) this.sections = sections;
    });
    const counting = setInterval(() => (this.soldLately = this.#sold.lastMinute(performance.now())), SOLD_MS);
    return () => {
      clearTimeout(this.#telling);
      clearInterval(counting);
      this.#socket = null;
    };
  }

  sold(seats: number) {
    this.#sold.sold(seats, performance.now());
  }

  /** The section that the reader has before them, or none. Told now and then: it says where many look, not who. */
  looksAt(section: string | null) {
    this.#section = section;
    if (section === this.#told) return;
    this.#telling ??= setTimeout(() => this.#tell(), LOOK_MS);
  }

  /** The server watches for us anew, and knows nothing of before. */
  watched(viewers: number) {
    this.viewers = viewers;
    if (this.#told !== null) this.#told = undefined;
    this.looksAt(this.#section);
  }

  #tell() {
    this.#telling = undefined;
    if (this.#section === this.#told || !this.#socket?.connected) return;
    this.#told = this.#section;
    this.#socket.emit('show:look', { showId: this.#showId, section: this.#section }, () => undefined);
  }
}
