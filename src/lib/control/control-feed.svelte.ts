import { io } from 'socket.io-client';
import type { ControlChanged, ControlPulse } from '#domain/control.ts';

/** The control room of one show: how it sells, second by second, and what colleagues do. */
export interface Happened extends ControlChanged {
  at: number;
}
const REMEMBERED = 8;
const ANSWER_MS = 5000;
const AGAIN_MS = 2000;

export class ControlFeed {
  readonly showId: string;
  pulse = $state.raw<ControlPulse | null>(null);
  happened = $state.raw<readonly Happened[]>([]);
  /** Goes up when something was changed that the page has to read again. */
  changes = $state(0);

  constructor(showId: string) {
    this.showId = showId;
  }

  /** Connects and watches until the function it returns is called. */
  start(): () => void {
    const socket = io({ transports: ['websocket'], reconnectionDelayMax: 5000 });
    let again: ReturnType<typeof setTimeout> | undefined;
    const watch = async () => {
      const answer = (await socket
        .timeout(ANSWER_MS)
        .emitWithAck('control:watch', { showId: this.showId })
        .catch(() => null)) as { ok: boolean; pulse?: ControlPulse | null } | null;
      if (answer?.ok) this.pulse = answer.pulse ?? this.pulse;
      else if (socket.connected) again = setTimeout(() => void watch(), AGAIN_MS);
      // What happened while nobody was connected is read again.
      this.changes++;
    };
    socket.on('connect', () => void watch());
    socket.on('control:pulse', (pulse: ControlPulse) => {
      if (pulse.showId === this.showId) this.pulse = pulse;
    });
    socket.on('control:changed', (change: ControlChanged) => {
      if (change.showId !== this.showId) return;
      this.happened = [{ ...change, at: Date.now() }, ...this.happened].slice(0, REMEMBERED);
      this.changes++;
    });
    return () => {
      clearTimeout(again);
      socket.close();
    };
  }
}
