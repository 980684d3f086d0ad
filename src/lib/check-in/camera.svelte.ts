import * as m from '#domain/messages/compiled/check_in.js';
import { openQrReader } from './qr-reader.ts';

/** The camera at the gate: reads until it is stopped, and says in words why it cannot. */
const EVERY_MS = 120;
/** A code that stays before the camera is the same person; they have this long to go in. */
const SAME_FOR_MS = 4000;

export class GateCamera {
  state = $state<'off' | 'starting' | 'on'>('off');
  trouble = $state<string | null>(null);
  torch = $state<'none' | 'off' | 'on'>('none');
  #stream: MediaStream | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #last = { code: '', at: -Infinity };
  readonly #found: (code: string) => void;

  constructor(found: (code: string) => void) {
    this.#found = found;
  }

  async start(video: HTMLVideoElement): Promise<void> {
    if (this.state !== 'off') return;
    this.state = 'starting';
    this.trouble = null;
    try {
      if (!('mediaDevices' in navigator)) throw new DOMException('', 'NotSupportedError');
      const wanted = { facingMode: 'environment', width: { ideal: 1280 } };
      this.#stream = await navigator.mediaDevices.getUserMedia({ video: wanted, audio: false });
      video.srcObject = this.#stream;
      await video.play();
      const read = await openQrReader();
      const [track] = this.#stream.getVideoTracks();
      track?.addEventListener('ended', () => this.stop());
      this.torch = track && 'torch' in track.getCapabilities() ? 'off' : 'none';
      this.state = 'on';
      const look = async () => {
        if (this.state !== 'on') return;
        const code = await read(video).catch(() => null);
        if (code !== null) this.#seen(code);
        this.#timer = setTimeout(() => void look(), EVERY_MS);
      };
      void look();
    } catch (error) {
      this.stop();
      this.trouble = inWords(error);
    }
  }

  #seen(code: string) {
    const now = performance.now();
    if (code === this.#last.code && now - this.#last.at < SAME_FOR_MS) {
      this.#last.at = now;
      return;
    }
    this.#last = { code, at: now };
    this.#found(code);
  }

  async light(): Promise<void> {
    const [track] = this.#stream?.getVideoTracks() ?? [];
    const on = this.torch !== 'on';
    // "torch" is not in TypeScript's DOM types; a camera without one refuses.
    const constraint = { advanced: [{ torch: on } as MediaTrackConstraintSet] };
    const done = await track?.applyConstraints(constraint).then(
      () => true,
      () => false
    );
    if (done) this.torch = on ? 'on' : 'off';
  }

  stop() {
    clearTimeout(this.#timer);
    for (const track of this.#stream?.getTracks() ?? []) track.stop();
    this.#stream = null;
    this.state = 'off';
    this.torch = 'none';
  }
}

function inWords(error: unknown): string {
  const said = troubleOf(error instanceof DOMException ? error.name : '');
  return `${said()} ${m.type_instead()}`;
}

function troubleOf(name: string): () => string {
  switch (name) {
    case 'NotAllowedError':
      return m.camera_denied;
    case 'NotFoundError':
    case 'OverconstrainedError':
      return m.camera_none;
    case 'NotReadableError':
      return m.camera_used;
    case 'NotSupportedError':
      return m.camera_insecure;
    default:
      return m.camera_failed;
  }
}
