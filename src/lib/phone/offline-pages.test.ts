import { expect, test } from 'vitest';
import type { KeptEntry } from './kept-booking.ts';
import { offlinePage, signedOutPage, ticketsPage, type Looks } from './offline-pages.ts';

const looks = (change: Partial<Looks> = {}): Looks => ({ theme: 'auto', locale: 'en', tokens: '', ...change });
const entry: KeptEntry = {
  owner: 'u1',
  at: '2026-11-22T14:05:00.000Z',
  booking: {
    id: '0b0e7c9a-1f53-4f6a-9a53-2f8f1d1f0001',
    title: 'Tom & <b>Jerry</b>',
    startsAt: '2026-12-12T18:30:00.000Z',
    timeZone: 'Europe/Berlin',
    place: 'The "Pit"',
    address: 'Under the bridge, Berlin',
    tickets: [{ label: 'Stalls, row A, seat 4', shortCode: '7KDM2X9QF', qr: '<svg xmlns="a"><path d="M0 0"/></svg>' }]
  }
};

test('a ticket from memory has its codes, and says since when it is remembered', async () => {
  const page = ticketsPage(entry, looks({ theme: 'dark', tokens: ':root{}' }));
  const html = await page.text();
  expect(page.status).toBe(200);
  expect(html).toContain(`src="data:image/svg+xml,${encodeURIComponent(entry.booking.tickets[0]?.qr ?? '')}"`);
  expect(html).toContain('7KD-M2X-9QF');
  expect(html).toContain('<time datetime="2026-11-22T14:05:00.000Z">22 November 2026');
  expect(html).toContain('it may have changed since');
  expect(html).toContain('data-theme="dark"');
});

test('what people have written cannot become a part of the page, and the page runs nothing', async () => {
  for (const page of [ticketsPage(entry, looks()), offlinePage([entry], looks(), '/x"><script>')]) {
    const html = await page.text();
    expect(html).not.toContain('<b>Jerry');
    expect(html).not.toContain('<script');
    expect(html).toContain('Tom &amp; &lt;b&gt;Jerry&lt;/b&gt;');
    expect(page.headers.get('content-security-policy')).toMatch(/^default-src 'none'/);
  }
});

test('the offline page leads to the tickets that are kept', async () => {
  const [none, one] = [offlinePage([], looks(), '/'), offlinePage([entry], looks(), '/')];
  expect(await none.text()).toContain('No tickets are kept on this device.');
  expect(await one.text()).toContain(`href="/bookings/${entry.booking.id}"`);
});

test.each([
  ['de', '22. November 2026', 'Sa., 12. Dezember 2026 · 19:30 (Ortszeit Berlin)', '1 Ticket', 'Sie sind offline'],
  ['es', '22 de noviembre de 2026', '19:30', '1 entrada', 'Está sin conexión'],
  ['hi', '22 नवंबर 2026', 'शनि, 12 दिसंबर 2026 · 19:30', '1 टिकट', 'आप ऑफ़लाइन हैं']
] as const)('without a network they speak %s all the same', async (locale, remembered, starts, count, offline) => {
  const kept = await ticketsPage(entry, looks({ locale })).text();
  expect(kept).toContain(`<html lang="${locale}" dir="ltr"`);
  for (const said of [remembered, starts]) expect(kept).toContain(said);
  const list = await offlinePage([entry], looks({ locale }), '/').text();
  for (const said of [starts, count, offline]) expect(list).toContain(said);
  expect(await signedOutPage(looks({ locale })).text()).toContain(offline);
});
