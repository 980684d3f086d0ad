import type { RoomPlace, RoomState } from '#domain/waiting-room.ts';
import { ANSWER_MS, connected, type ShowSocket } from '$lib/seatmap/wire.ts';

/**
 * A waiting room on an open page: says every 20 seconds that somebody is there, and hears once a second at most how far
 * admission is. What one hears is the same for all; one's own place is asked for only when it may have changed.
 */
const HEARTBEAT_MS = 20_000;
/** All who are next hear it in the same moment, and need not ask in the same one. */
const SPREAD_MS = 700;

export class LiveRoom {
  place = $state.raw() as RoomPlace;
  connected = $state(false);
  trouble = $state<string | null>(null);
  onAdmitted: () => void = () => undefined;
  readonly #show: string;
  #socket: ShowSocket | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(place: RoomPlace) {
    this.place = place;
    this.#show = place.room.showId;
  }

  /** Before whom nobody here stands is next: as the last message of all says, without asking again. */
  get before(): number | null {
    const { before, place, room } = this.place;
    if (before === null || place === null || place === 0) return before;
    return Math.max(0, Math.min(before, place - room.admittedTo - 1));
  }

  start(): () => void {
    const close = connected((socket) => {
      this.#socket = socket;
      socket.on('connect', () => {
        this.connected = true;
        if (this.place.state !== 'out') void this.enter();
      });
      socket.on('disconnect', () => (this.connected = false));
      socket.on('waiting-room', (room) => this.#hear(room));
    });
    return () => {
      clearTimeout(this.#timer);
      close();
    };
  }

  /** Comes in, or says that somebody is still there. */
  async enter(): Promise<void> {
    this.#again(HEARTBEAT_MS);
    const answer = await this.#socket
      ?.timeout(ANSWER_MS)
      .emitWithAck('waiting-room:enter', { showId: this.#show })
      .catch(() => null);
    if (!answer) return;
    if (!answer.ok) {
      this.trouble = answer.message;
      return;
    }
    this.trouble = null;
    const { ok: _, ...place } = answer;
    this.place = place;
    if (place.state === 'admitted') this.onAdmitted();
  }

  #hear(room: RoomState) {
    const { phase } = this.place.room;
    this.place = { ...this.place, room };
    if (this.place.state !== 'waits') return;
    const { place } = this.place;
    const next = place !== null && place > 0 && place <= room.admittedTo;
    if (next || phase !== room.phase) this.#again(Math.random() * SPREAD_MS);
  }

  #again(ms: number) {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.enter(), ms * (0.9 + Math.random() * 0.2));
  }
}
