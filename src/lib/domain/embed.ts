import { z } from 'zod';
import { catalogId } from './ids.ts';

/** Seat maps on other sites: who may show them, and what the map tells the page that it stands on. */

const LOCAL = /^(?:localhost|127\.0\.0\.1)$/;
/** A browser takes more in a host than this, and it goes into a header: `https://a;b` would begin another rule there. */
const HOST = /^[a-z0-9.-]+$/;

const origin = z
  .string()
  .trim()
  .min(1, 'is missing')
  .max(200, 'must have at most 200 characters')
  .refine(
    (text) => URL.canParse(text) && HOST.test(new URL(text).hostname),
    'must be a site, such as https://stage.example'
  )
  .refine((text) => !URL.canParse(text) || isBare(new URL(text)), 'must be the site alone, without a path or a name')
  .refine((text) => !URL.canParse(text) || isSafe(new URL(text)), 'must begin with https://')
  .transform((text) => new URL(text).origin);

const isBare = ({ pathname, search, hash, username, password }: URL) =>
  pathname === '/' && search + hash + username + password === '';
/** Whoever can change a page on its way can have its visitors click what they do not see. */
const isSafe = (url: URL) => url.protocol === 'https:' || isLocal(url.origin);

/** A page on the developer's own machine: good for trying it out, and for nothing else. */
export const isLocal = (site: string) => {
  const { protocol, hostname } = new URL(site);
  return protocol === 'http:' && LOCAL.test(hostname);
};

export const embedSiteBody = z.strictObject({ origin });
export type EmbedSiteBody = z.infer<typeof embedSiteBody>;

/** What the frame sends when a buyer goes on to the checkout. The token is in the body of a form, never in an address. */
export const continueBody = z.object({ show: catalogId, token: z.string().min(1).max(200) });

export const THEMES = ['auto', 'dark', 'light'] as const;
export type Theme = (typeof THEMES)[number];

/** How the page that shows the map wants it; see `<fullhouse-map>`. */
export const embedQuery = z.object({
  theme: z.enum(THEMES).catch('auto'),
  checkout: z.enum(['same-tab', 'new-tab']).catch('same-tab')
});

/** Seats that the buyer holds, as the page around the map is told of them. Money is in minor units. */
export interface Selection {
  show: string;
  seats: { index: number; label: string; tier: string; tierName: string; price: number }[];
  /** With the fees and taxes that come to the prices. */
  total: number;
  currency: string;
  /** Until then nobody else can take them (RFC 3339). */
  deadline: string;
}

/** What the frame tells its page; each becomes an event `fullhouse:<type>` with this `detail`. */
export interface EmbedEvents {
  ready: { show: string };
  /** Null: nothing is chosen any more. */
  selection: Selection | null;
  /** The hold ended without the buyer's doing. */
  expired: { show: string; message: string };
  'sold-out': { show: string };
  /** The buyer leaves for the checkout. */
  checkout: { show: string };
  error: { show: string; code: string; message: string };
}
export type EmbedEvent = { [Type in keyof EmbedEvents]: { type: Type; detail: EmbedEvents[Type] } }[keyof EmbedEvents];

/** The first word, before the two have a channel of their own; it says nothing that is anybody's. */
export const HELLO = 'fullhouse:hello';
/** The page's answer, which brings the frame its end of the channel. */
export const CONNECT = 'fullhouse:connect';
