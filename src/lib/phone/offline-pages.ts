import { groupShortCode } from '#domain/short-code.ts';
import { showTime } from '#domain/time.ts';
import type { KeptEntry } from './kept-booking.ts';
import type { Tokens } from './offline-style.ts';
import { offlineStyle } from './offline-style.ts';

/**
 * Pages that the service worker makes when the server cannot be reached. They need no script and no other file, so that
 * nothing of theirs can be missing when they are wanted.
 */
export type Theme = 'dark' | 'light' | 'auto';

const POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'";
const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;'
};
const text = (raw: string) => raw.replaceAll(/[&<>"']/g, (sign) => ENTITIES[sign] ?? sign);

/** The tickets of one booking, from memory. */
export function ticketsPage({ at, booking }: KeptEntry, theme: Theme, tokens: Tokens): Response {
  const tickets = booking.tickets.map(
    ({ label, shortCode, qr }) => `<li class="ticket">
      <div><p class="seat">${text(label)}</p>
      <p><span class="soft">Code</span> <span class="code">${text(groupShortCode(shortCode))}</span></p></div>
      <img src="data:image/svg+xml,${encodeURIComponent(qr)}" alt="QR code of the ticket for ${text(label)}" width="220" height="220">
    </li>`
  );
  return page(
    200,
    booking.title,
    `<p class="note" role="status">You are offline. This is from this device’s memory, as it was on
      <time datetime="${text(at)}">${text(moment(at))}</time>; it may have changed since.</p>
    <h1>${text(booking.title)}</h1>
    <p>${text(showTime(booking.startsAt, booking.timeZone))}<br>${text(booking.place)}<br>
      <span class="soft">${text(booking.address)}</span></p>
    <ul aria-label="Tickets">${tickets.join('')}</ul>
    <p class="soft">Booking ${text(booking.id)}</p>
    <p><a class="button" href="/bookings/${text(booking.id)}">Try again</a> <a class="button ghost" href="/bookings">Other tickets</a></p>`,
    theme,
    tokens
  );
}

/** Nothing of what was asked for is here, but maybe tickets are. */
export function offlinePage(kept: readonly KeptEntry[], theme: Theme, tokens: Tokens, path: string): Response {
  const items = kept.map(
    ({ booking }) => `<li><a class="panel" href="/bookings/${text(booking.id)}"><strong>${text(booking.title)}</strong>
      <span>${text(showTime(booking.startsAt, booking.timeZone))}</span>
      <span class="soft">${text(booking.place)} · ${booking.tickets.length} ${booking.tickets.length === 1 ? 'ticket' : 'tickets'}</span></a></li>`
  );
  const list =
    items.length > 0
      ? `<h2>Tickets on this device</h2><ul aria-label="Kept bookings">${items.join('')}</ul>`
      : `<p class="soft">No tickets are kept on this device. A booking’s page keeps them for you when you open it with a network.</p>`;
  return page(
    503,
    'You are offline',
    `<h1>You are offline</h1>
    <p>This page needs a network. Seats you hold stay yours until their time is up.</p>
    <p><a class="button" href="${text(path)}">Try again</a></p>${list}`,
    theme,
    tokens
  );
}

/** Signed out where the server could not be told. */
export const signedOutPage = (theme: Theme, tokens: Tokens): Response =>
  page(
    503,
    'You are offline',
    `<h1>You are offline</h1>
    <p>The tickets kept on this device are removed. The server could not be told: please sign out once more when there is a
      network.</p>
    <p><a class="button" href="/">Try again</a></p>`,
    theme,
    tokens
  );

/** In the reader's own zone: it is about the device, not about the show. */
const moment = (at: string) =>
  new Intl.DateTimeFormat('en-GB', { dateStyle: 'long', timeStyle: 'short' }).format(new Date(at));

function page(status: number, title: string, body: string, theme: Theme, tokens: Tokens): Response {
  const html = `<!doctype html>
<html lang="en" data-theme="${theme}"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover">
<meta name="color-scheme" content="dark light">
<title>${text(title)} · Fullhouse</title><style>${offlineStyle(tokens)}</style></head>
<body><header><strong>Fullhouse</strong></header><main>${body}</main></body></html>`;
  return new Response(html, {
    status,
    headers: {
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': POLICY,
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff'
    }
  });
}
