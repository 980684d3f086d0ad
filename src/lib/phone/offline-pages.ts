import { directionOf, LOCALES, type Language } from '#domain/language.ts';
import * as m from '#domain/messages/compiled/offline.js';
import { groupShortCode } from '#domain/short-code.ts';
import { showTime } from '#domain/time.ts';
import { seatInWords } from '#domain/seat-words.ts';
import type { KeptEntry } from './kept-booking.ts';
import type { Tokens } from './offline-style.ts';
import { offlineStyle } from './offline-style.ts';

/**
 * Pages that the service worker makes when the server cannot be reached. They need no script and no other file, so that
 * nothing of theirs can be missing when they are wanted.
 */
export interface Looks {
  theme: 'dark' | 'light' | 'auto';
  /** A worker has no page whose language it could go by. */
  locale: Language;
  tokens: Tokens;
}

const POLICY =
  "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;'
};
const text = (raw: string) => raw.replaceAll(/[&<>"']/g, (sign) => ENTITIES[sign] ?? sign);

/** The tickets of one booking, from memory. */
export function ticketsPage({ at, booking }: KeptEntry, looks: Looks): Response {
  const { locale } = looks;
  const tickets = booking.tickets.map(
    ({ label, shortCode, qr }) => `<li class="ticket">
      <div><p class="seat">${text(seatInWords(label, looks))}</p>
      <p><span class="soft">${text(m.code({}, looks))}</span> <span class="code">${text(groupShortCode(shortCode))}</span></p></div>
      <img src="data:image/svg+xml,${encodeURIComponent(qr)}" alt="${text(m.qr_of({ seat: seatInWords(label, looks) }, looks))}" width="220" height="220">
    </li>`
  );
  return page(
    200,
    booking.title,
    `<p class="note" role="status">${text(m.memory_before({}, looks))}
      <time datetime="${text(at)}">${text(moment(at, locale))}</time>${text(m.memory_after({}, looks))}</p>
    <h1>${text(booking.title)}</h1>
    <p>${text(showTime(booking.startsAt, booking.timeZone, locale))}<br>${text(booking.place)}<br>
      <span class="soft">${text(booking.address)}</span></p>
    <ul aria-label="${text(m.tickets({}, looks))}">${tickets.join('')}</ul>
    <p class="soft">${text(m.booking({ id: booking.id }, looks))}</p>
    <p><a class="button" href="/bookings/${text(booking.id)}">${text(m.try_again({}, looks))}</a> <a class="button ghost" href="/bookings">${text(m.other_tickets({}, looks))}</a></p>`,
    looks
  );
}

/** Nothing of what was asked for is here, but maybe tickets are. */
export function offlinePage(kept: readonly KeptEntry[], looks: Looks, path: string): Response {
  const { locale } = looks;
  const items = kept.map(
    ({ booking }) => `<li><a class="panel" href="/bookings/${text(booking.id)}"><strong>${text(booking.title)}</strong>
      <span>${text(showTime(booking.startsAt, booking.timeZone, locale))}</span>
      <span class="soft">${text(booking.place)} · ${text(m.ticket_count({ count: booking.tickets.length }, looks))}</span></a></li>`
  );
  const list =
    items.length > 0
      ? `<h2>${text(m.on_this_device({}, looks))}</h2><ul aria-label="${text(m.kept_bookings({}, looks))}">${items.join('')}</ul>`
      : `<p class="soft">${text(m.none_kept({}, looks))}</p>`;
  return page(
    503,
    m.offline({}, looks),
    `<h1>${text(m.offline({}, looks))}</h1>
    <p>${text(m.needs_network({}, looks))}</p>
    <p><a class="button" href="${text(path)}">${text(m.try_again({}, looks))}</a></p>${list}`,
    looks
  );
}

/** Signed out where the server could not be told. */
export const signedOutPage = (looks: Looks): Response =>
  page(
    503,
    m.offline({}, looks),
    `<h1>${text(m.offline({}, looks))}</h1>
    <p>${text(m.signed_out({}, looks))}</p>
    <p><a class="button" href="/">${text(m.try_again({}, looks))}</a></p>`,
    looks
  );

/** In the reader's own zone: it is about the device, not about the show. */
const moment = (at: string, language: Language) =>
  new Intl.DateTimeFormat(LOCALES[language], { dateStyle: 'long', timeStyle: 'short' }).format(new Date(at));

function page(status: number, title: string, body: string, { theme, tokens, locale }: Looks): Response {
  const html = `<!doctype html>
<html lang="${locale}" dir="${directionOf(locale)}" data-theme="${theme}"><head><meta charset="utf-8">
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
