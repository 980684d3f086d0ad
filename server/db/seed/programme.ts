import type { HallSize } from '#domain/generate-plan.ts';
import type { Pricing } from '#domain/pricing.ts';
import type { EventKind } from '#domain/protocol.ts';

/** The demo's programme: halls that do not exist, and evenings we would like to go to. */
export interface Hall {
  key: string;
  name: string;
  address: string;
  city: string;
  country: string;
  timeZone: string;
  currency: string;
  /** The plan is for the first of them. */
  rooms: readonly string[];
  size: HallSize;
}

export const HALLS: readonly Hall[] = [
  {
    ...{ key: 'grand-opera', name: 'Grand Opera House', address: '12 Marine Lines', city: 'Mumbai', country: 'IN' },
    ...{ timeZone: 'Asia/Kolkata', currency: 'INR', size: 1350, rooms: ['Main stage', 'Studio'] }
  },
  {
    ...{ key: 'the-pit', name: 'The Pit', address: 'Hinterhof 7, Weserstrasse 40', city: 'Berlin', country: 'DE' },
    ...{ timeZone: 'Europe/Berlin', currency: 'EUR', size: 120, rooms: [] }
  },
  {
    ...{ key: 'spree-arena', name: 'Spree Arena', address: 'Uferplatz 1', city: 'Berlin', country: 'DE' },
    ...{ timeZone: 'Europe/Berlin', currency: 'EUR', size: 15_000, rooms: [] }
  },
  {
    ...{ key: 'harbour-stadium', name: 'Harbour Stadium', address: 'Dock Road', city: 'Mumbai', country: 'IN' },
    ...{ timeZone: 'Asia/Kolkata', currency: 'INR', size: 100_000, rooms: [] }
  }
];

export interface Evening {
  slug: string;
  kind: EventKind;
  title: string;
  performers: string;
  description: string;
  minutes: number;
  rating: string;
  tags: string[];
  hall: string;
  /** Days from today and local hour of each show. */
  shows: { inDays: number; at: string }[];
  /** Minor units, from the best tier to the cheapest. */
  prices: number[];
  /** Ticket types, fees and tax of each show; without it a seat costs what its tier says. */
  pricing?: Pricing;
  /** A code that takes a share off this evening, in basis points. */
  promo?: { code: string; share: number };
  /** Share of the seats that others have booked already. */
  sold: number;
  colours: [string, string];
}

export const PROGRAMME: readonly Evening[] = [
  {
    ...{ slug: 'the-cherry-orchard', kind: 'theatre', title: 'The Cherry Orchard', performers: 'Lantern Company' },
    description:
      'An estate, an auction, and a family that would rather talk about anything else. Chekhov’s last comedy in a new translation, played at the pace of people who are about to lose everything.',
    ...{ minutes: 150, rating: '12+', tags: ['classic', 'drama'], hall: 'grand-opera', sold: 0.62 },
    shows: [
      { inDays: 2, at: '19:30' },
      { inDays: 3, at: '19:30' },
      { inDays: 4, at: '15:00' }
    ],
    ...{ prices: [240_000, 160_000, 90_000], colours: ['#5b1e3b', '#f0a63a'] }
  },
  {
    ...{ slug: 'night-train-to-leh', kind: 'movie', title: 'Night Train to Leh', performers: 'directed by Ira Sen' },
    description:
      'A conductor, a runaway and a crate that must not be opened share the last carriage of a train that was never on the timetable.',
    ...{ minutes: 118, rating: '12', tags: ['mystery', 'premiere'], hall: 'grand-opera', sold: 0.41 },
    shows: [
      { inDays: 1, at: '21:15' },
      { inDays: 5, at: '18:00' }
    ],
    ...{ prices: [60_000, 45_000, 32_000], colours: ['#15344a', '#5ab4e8'] }
  },
  {
    ...{ slug: 'anoushka-strings', kind: 'concert', title: 'Strings at Midnight', performers: 'Anoushka Rao Quartet' },
    description: 'Four players, one evening raga and the long echo of a full house. No amplification, no phones.',
    ...{ minutes: 95, rating: '', tags: ['chamber', 'raga'], hall: 'grand-opera', sold: 0.93 },
    shows: [{ inDays: 6, at: '18:00' }],
    ...{ prices: [320_000, 220_000, 120_000], colours: ['#153d33', '#2fb58a'] }
  },
  {
    ...{ slug: 'city-v-united', kind: 'sport', title: 'City v. United', performers: 'Harbour League, final' },
    description: 'The final of the Harbour League: a hundred thousand places, ninety minutes, one cup.',
    ...{ minutes: 105, rating: '', tags: ['football', 'final'], hall: 'harbour-stadium', sold: 0.06 },
    shows: [{ inDays: 21, at: '16:00' }],
    ...{ prices: [95_000, 350_000, 180_000, 45_000], colours: ['#2a2550', '#b9a6ff'] }
  },
  {
    ...{ slug: 'hamlet-in-the-pit', kind: 'theatre', title: 'Hamlet', performers: 'The Pit Ensemble' },
    description: 'Six actors, one table, and the ghost sits among the audience. Hamlet in a cellar for 120.',
    ...{ minutes: 135, rating: '14+', tags: ['classic', 'small stage'], hall: 'the-pit', sold: 0.4 },
    shows: [
      { inDays: 1, at: '20:00' },
      { inDays: 2, at: '20:00' },
      { inDays: 8, at: '20:00' }
    ],
    ...{ prices: [3800, 2600, 1800], colours: ['#3d1d1d', '#ff9d7a'] }
  },
  {
    ...{ slug: 'stardust-70mm', kind: 'movie', title: 'Stardust', performers: 'directed by Jonas Brandt' },
    description: 'Restored on 70 mm: a lighthouse keeper receives a signal that is older than the light it came with.',
    ...{ minutes: 142, rating: '6', tags: ['restored', 'science fiction'], hall: 'the-pit', sold: 0.23 },
    shows: [
      { inDays: 3, at: '18:00' },
      { inDays: 4, at: '21:00' }
    ],
    ...{ prices: [1600, 1200, 900], colours: ['#3a2147', '#d987b5'] }
  },
  {
    ...{
      slug: 'neon-harvest',
      kind: 'concert',
      title: 'Neon Harvest',
      performers: 'Neon Harvest, support: Kite Season'
    },
    description: 'The farewell tour that was announced, cancelled, and announced again. Three hours, no interval.',
    ...{ minutes: 180, rating: '', tags: ['electronic', 'tour'], hall: 'spree-arena', sold: 0.34 },
    shows: [
      { inDays: 12, at: '19:00' },
      { inDays: 13, at: '19:00' }
    ],
    ...{ prices: [6900, 8900, 4900], colours: ['#0f3b4f', '#57d8c9'] }
  },
  {
    ...{ slug: 'open-stage', kind: 'other', title: 'Open Stage', performers: 'whoever dares' },
    description: 'Ten minutes each, a bell, and the kindest audience in town.',
    ...{ minutes: 120, rating: '', tags: ['newcomers'], hall: 'the-pit', sold: 0.1 },
    shows: [{ inDays: 9, at: '19:00' }],
    ...{ prices: [1200, 900, 600], colours: ['#3b3413', '#e0c65a'] },
    pricing: {
      ticketTypes: [
        { id: 'adult', name: 'Adult', share: 10_000 },
        { id: 'child', name: 'Child', share: 5000 }
      ],
      fees: [{ name: 'Booking fee', perTicket: 50, share: 0, perBooking: 0 }],
      tax: { name: 'VAT 7%', share: 700, included: true }
    },
    promo: { code: 'OPEN-STAGE', share: 2000 }
  }
];
