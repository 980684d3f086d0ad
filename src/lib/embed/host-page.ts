import { z } from 'zod';
import { CONNECT, HELLO, THEMES, type EmbedEvent, type Theme } from '#domain/embed.ts';

const connectMessage = z.object({ type: z.literal(CONNECT) });
const wish = z.object({ theme: z.enum(THEMES) });

/**
 * The page that the map stands on. The two meet once, each looking at who the other is: the frame takes a channel from
 * its parent alone, and only where that is one of the sites that may show it. Everything else goes through the channel,
 * which nobody else has an end of.
 */
export class HostPage {
  readonly #allowed: readonly string[];
  readonly #onTheme: (theme: Theme) => void;
  #port: MessagePort | null = null;
  /** What happened before the page had its end. */
  #early: EmbedEvent[] = [];

  constructor(allowed: readonly string[], onTheme: (theme: Theme) => void) {
    this.#allowed = allowed;
    this.#onTheme = onTheme;
  }

  /** Says that the frame is here, and listens until the function it returns is called. */
  start(): () => void {
    const hear = (event: MessageEvent<unknown>) => this.#meet(event);
    addEventListener('message', hear);
    if (window.parent !== window) window.parent.postMessage({ type: HELLO }, '*');
    return () => {
      removeEventListener('message', hear);
      this.#port?.close();
    };
  }

  tell(event: EmbedEvent): void {
    if (this.#port) this.#port.postMessage(event);
    else this.#early.push(event);
  }

  #meet({ source, origin, data, ports }: MessageEvent<unknown>) {
    if (source !== window.parent || !this.#allowed.includes(origin)) return;
    const [port] = ports;
    if (!port || !connectMessage.safeParse(data).success) return;
    this.#port?.close();
    this.#port = port;
    port.onmessage = ({ data }: MessageEvent<unknown>) => {
      const given = wish.safeParse(data);
      if (given.success) this.#onTheme(given.data.theme);
    };
    for (const event of this.#early.splice(0)) port.postMessage(event);
  }
}
