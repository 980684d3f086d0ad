import { isRefusal } from '#domain/refusal.ts';
import type { Manager } from '../../../server/catalog/ownership.ts';

/** How often (ms) it is looked whether a figure is different. */
const EVERY_MS = 2000;
/** Without news a sign of life (ms): a proxy closes what says nothing. */
const SILENCE_MS = 20_000;
/** A stream ends after so long (ms), and the browser opens the next: so rights that were taken away end too. */
const LONGEST_MS = 300_000;

/** Today's figures as server-sent events: at once, and whenever they are different. Ends with the rights or the server. */
export function figuresStream({ app, identity }: App.Locals): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  const sessionToken = identity.sessionToken ?? identity.apiToken?.text ?? null;
  const began = performance.now();
  let timer: NodeJS.Timeout | undefined;
  let told = '';
  let spoke = began;

  /** Whoever was signed out, or is no organizer any longer, hears nothing more. */
  async function still(): Promise<Manager | null> {
    const { user } = await app.accounts.identify({ sessionToken });
    const by = app.desk.managerOf(user);
    return isRefusal(by) ? null : by;
  }

  async function tell(controller: ReadableStreamDefaultController<Uint8Array>): Promise<boolean> {
    const by = await still();
    if (!by || performance.now() - began > LONGEST_MS) return false;
    // A browser that does not read gets no more until it has.
    if ((controller.desiredSize ?? 0) <= 0) return true;
    const { at, ...figures } = await app.reports.today(by);
    const now = JSON.stringify(figures);
    if (now !== told) controller.enqueue(encoder.encode(`data: ${JSON.stringify({ at, ...figures })}\n\n`));
    else if (performance.now() - spoke > SILENCE_MS) controller.enqueue(encoder.encode(': still here\n\n'));
    else return true;
    told = now;
    spoke = performance.now();
    return true;
  }

  return new ReadableStream<Uint8Array>({
    start(controller) {
      const next = (): void => {
        tell(controller).then(
          (goOn) => {
            if (goOn) timer = setTimeout(next, EVERY_MS);
            else controller.close();
          },
          (error: unknown) => {
            // Postgres or Redis is away, or the browser has gone meanwhile: the browser comes back by itself.
            app.log.debug({ err: error }, 'a stream of figures has ended');
            try {
              controller.close();
            } catch {
              // It was closed from the other side.
            }
          }
        );
      };
      next();
    },
    cancel: () => clearTimeout(timer)
  });
}
