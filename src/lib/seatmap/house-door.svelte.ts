import { currentLocale } from '#domain/language.ts';
import type { Plan } from '#domain/plan.ts';
import { House } from './house.ts';
import type { LiveShow } from './live-show.svelte.ts';

/** Fetches the seating plan of a show and makes its house, telling how far it is: a stadium is long under way on a slow line. */
export class HouseDoor {
  house = $state.raw<House | null>(null);
  broken = $state(false);
  /** Bytes of the plan that are here, in words. */
  progress = $state<string | null>(null);
  readonly #show: LiveShow;

  constructor(show: LiveShow) {
    this.#show = show;
  }

  async open(path: string, prices: readonly { tier: string; price: number }[]): Promise<void> {
    this.broken = false;
    const answer = await fetch(path).catch(() => null);
    const plan = answer?.ok ? await this.#read(answer).catch(() => null) : null;
    this.progress = null;
    if (!answer || !plan) {
      this.broken = true;
      return;
    }
    const opened = new House(plan, prices);
    this.#show.nameOf = (seat) => opened.name(seat).short;
    this.#show.planId = answer.headers.get('x-plan-id');
    this.house = opened;
  }

  async #read(answer: Response): Promise<Plan> {
    let bytes = 0;
    const counting = new TransformStream<Uint8Array, Uint8Array>({
      transform: (part, on) => {
        bytes += part.byteLength;
        this.progress = `${Math.round(bytes / 1000).toLocaleString(currentLocale())} kB`;
        on.enqueue(part);
      }
    });
    // Published by our own server, which checked it.
    return (await new Response(answer.body?.pipeThrough(counting)).json()) as Plan;
  }
}
