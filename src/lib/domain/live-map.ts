import type { Changes, SeatsFrame, VersionEvent, WatchAnswer } from './protocol.ts';
import {
  decodeSeats,
  newSeatMap,
  seatState,
  setSeatState,
  sizedMap,
  SeatState,
  STATE_NAMES,
  type SeatIndex
} from './seat-map.ts';

/**
 * A viewer's copy of the map. It takes answers of show:watch and frames in any order, with any loss and any
 * repetition, and never shows a state the server's map did not have at the version it claims. Whoever is told
 * 'gap' asks the server again with (epoch, version); that brings the copy up to date.
 */
export type Applied = 'applied' | 'stale' | 'gap';
type Listener = (changed: readonly SeatIndex[] | 'all') => void;

export class LiveMap {
  /** 0 until the first answer: epochs of the server start at 1. */
  epoch = 0;
  version = 0;
  capacity = 0;
  map: Uint8Array = newSeatMap(0);
  readonly #listeners = new Set<Listener>();

  /** `const off = map.onChange((seats) => repaint(seats))` */
  onChange(listener: Listener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  state(seat: SeatIndex): SeatState {
    return seatState(this.map, seat);
  }

  /** Takes the answer of show:watch: a whole map, or what was missed since the version we named. */
  snapshot(answer: Pick<WatchAnswer, 'epoch' | 'version' | 'capacity' | 'map' | 'changes'>): Applied {
    if (answer.map !== undefined) {
      // An answer overtaken by frames, or by a later answer, must not turn the map back.
      if (answer.epoch < this.epoch) return 'stale';
      if (answer.epoch === this.epoch && answer.version < this.version) return 'stale';
      this.epoch = answer.epoch;
      this.version = answer.version;
      this.capacity = answer.capacity;
      this.map = sizedMap(new Uint8Array(answer.map), answer.capacity);
      this.#tell('all');
      return 'applied';
    }
    return answer.changes === undefined ? 'gap' : this.#apply(answer.epoch, answer.changes);
  }

  frame(frame: SeatsFrame): Applied {
    return this.#apply(frame.epoch, frame);
  }

  /** Tells whether the last frame of a burst arrived. */
  check(event: Pick<VersionEvent, 'epoch' | 'version'>): 'current' | 'gap' {
    if (event.epoch < this.epoch) return 'current';
    return event.epoch === this.epoch && event.version <= this.version ? 'current' : 'gap';
  }

  #apply(epoch: number, changes: Changes): Applied {
    if (epoch < this.epoch) return 'stale';
    if (epoch > this.epoch || this.epoch === 0) return 'gap';
    if (changes.to <= this.version && changes.from < this.version) return 'stale';
    if (changes.from !== this.version) return 'gap';
    const touched: SeatIndex[] = [];
    for (const name of STATE_NAMES) {
      const steps = changes[name];
      if (!steps) continue;
      for (const seat of decodeSeats(steps)) {
        if (seat >= this.capacity) continue;
        setSeatState(this.map, seat, SeatState[name]);
        touched.push(seat);
      }
    }
    this.version = changes.to;
    if (touched.length > 0) this.#tell(touched);
    return 'applied';
  }

  #tell(changed: readonly SeatIndex[] | 'all') {
    for (const listener of this.#listeners) listener(changed);
  }
}
