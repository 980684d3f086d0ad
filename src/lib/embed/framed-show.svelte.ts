import type { Selection } from '#domain/embed.ts';
import { priceSince, totalOf } from '#domain/price.ts';
import { countStates } from '#domain/seat-map.ts';
import { refresh } from '$lib/components/refresh.ts';
import { quoteOf, type HeldSeat } from '$lib/seatmap/held-seats.ts';
import { HouseDoor } from '$lib/seatmap/house-door.svelte.ts';
import type { House } from '$lib/seatmap/house.ts';
import { LiveShow } from '$lib/seatmap/live-show.svelte.ts';
import { termsNews } from '$lib/seatmap/terms-news.ts';
import type { ShowPrices } from '#domain/kept-price.ts';
import type { ShowDetail } from '../../../server/catalog/catalog.ts';

/** So long (ms) those who watch take at most to read the new terms, not all in the same moment. */
const AGAIN_WITHIN_MS = 700;

/** What the page has read, and reads again when it changes. */
interface Framed {
  show: ShowDetail;
  earlier: ShowPrices['earlier'];
  serverTime: number;
}

/** The show in a frame: its live map with its plan, and what the page around it is to know. */
export class FramedShow {
  readonly live: LiveShow;
  readonly #data: () => Framed;
  readonly #door: HouseDoor;
  readonly seats: readonly HeldSeat[] = $derived.by(() => this.#heldSeats());
  /** What the buyer has chosen, as it is told; null for nothing. */
  readonly selection: Selection | null = $derived.by(() => this.#selected());
  /** Nobody can have a seat, nor will by waiting a little. */
  readonly soldOut: boolean = $derived.by(() => {
    const { live, revision } = this.live;
    if (revision < 0 || live.epoch === 0) return false;
    const { available, held } = countStates(live.map, live.capacity);
    return available + held === 0;
  });

  constructor(data: () => Framed) {
    this.#data = data;
    const { show, serverTime } = data();
    this.live = new LiveShow(show.id, {
      ...{ hold: null, sale: show.sale, serverTime },
      cancelled: show.cancelled !== null
    });
    this.#door = new HouseDoor(this.live);
    this.live.onPlan = () => void refresh().then(() => this.openHouse());
  }

  get house(): House | null {
    return this.#door.house;
  }

  get broken(): boolean {
    return this.#door.broken;
  }

  async openHouse(): Promise<void> {
    const { show } = this.#data();
    await this.#door.open(show, show.tiers);
  }

  /** Times or prices are other ones: read after a short random pause, as all who watch do. Answers how to call it off. */
  readTermsSoon(): (() => void) | undefined {
    const behind = (this.live.hold?.terms ?? 0) > this.#data().show.terms;
    if (this.live.termsChanged === 0 && !behind) return undefined;
    const timer = setTimeout(() => void this.#readTerms(), Math.random() * AGAIN_WITHIN_MS);
    return () => clearTimeout(timer);
  }

  async #readTerms() {
    const before = this.#data().show;
    await refresh();
    const { show } = this.#data();
    this.house?.reprice(show.tiers);
    this.live.touch();
    const news = termsNews(before, show, this.live.hold !== null);
    if (news) this.live.announce(news);
  }

  #heldSeats(): readonly HeldSeat[] {
    const { house } = this;
    const { show, earlier } = this.#data();
    const { hold } = this.live;
    if (!house) return [];
    return (hold?.seats ?? []).map((index) => {
      const tier = house.tier(index);
      const prices = show.tiers.find((one) => one.tier === tier?.id);
      return {
        index,
        ...house.name(index),
        // The buyer keeps the prices that they were shown.
        price: prices ? priceSince(prices, earlier.prices, hold?.terms) : 0,
        ...{ tier: tier?.id ?? '', ordinal: tier?.ordinal ?? 1, tierName: tier?.name ?? '' }
      };
    });
  }

  #selected(): Selection | null {
    const { hold } = this.live;
    if (!hold || this.seats.length === 0) return null;
    const { show, earlier } = this.#data();
    const quote = quoteOf(this.seats, { ...show, earlier }, hold.terms);
    const seats = this.seats.map(({ index, label, tier, tierName, price }) => ({
      ...{ index, label, tier, tierName },
      price: quote?.seats.find(({ seat }) => seat === index)?.price ?? price
    }));
    const total = quote?.total ?? totalOf(seats.map(({ price }) => price));
    const deadline = new Date(hold.deadline).toISOString();
    return { show: show.id, seats, total, currency: show.currency, deadline };
  }
}
