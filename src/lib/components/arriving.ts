/** A file on its way here, and how much of it is. */
export class Arriving {
  /** Told how many bytes are here, whenever more are. */
  heard: ((bytes: number) => void) | null = null;
  /** Null when it did not come. */
  readonly whole: Promise<Arrived | null>;

  constructor(path: string) {
    this.whole = this.#read(path).catch(() => null);
  }

  async #read(path: string): Promise<Arrived | null> {
    const { ok, body, headers } = await fetch(path);
    if (!ok || !body) return null;
    const parts: Uint8Array[] = [];
    const reader = body.getReader();
    let size = 0;
    for (let part = await reader.read(); part.value; part = await reader.read()) {
      parts.push(part.value);
      size += part.value.byteLength;
      this.heard?.(size);
    }
    return { bytes: joined(parts, size), headers };
  }
}

export interface Arrived {
  bytes: ArrayBuffer;
  headers: Headers;
}

function joined(parts: readonly Uint8Array[], size: number): ArrayBuffer {
  const whole = new Uint8Array(size);
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.byteLength;
  }
  return whole.buffer;
}

const sentFor = new Map<string, Arriving>();

/** Begins to read what the page's head has the browser fetch (`rel=preload`, `as=fetch`): before the page is taken over. */
export function readPreloads() {
  for (const link of document.head.querySelectorAll('link[rel=preload][as=fetch]')) {
    const path = link.getAttribute('href');
    if (path !== null) sentFor.set(path, new Arriving(path));
  }
}

/** That file: the one which `readPreloads` has begun to read, for who asks first; for others it is sent for anew. */
export function arriving(path: string): Arriving {
  const early = sentFor.get(path);
  sentFor.delete(path);
  return early ?? new Arriving(path);
}
