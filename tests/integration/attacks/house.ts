import { randomUUID } from 'node:crypto';
import type { Running } from '../../../server/serve.ts';
import { call } from '../api-server.ts';
import { idOf, makeDesk, person, type Person } from '../organizers.ts';
import { makeShow, type MadeShow } from '../shows.ts';
import { bookWithTickets } from '../ticketed.ts';

/** One of everything that can belong to somebody: what the attacks of this folder go for. */
export interface Loot {
  organizer: Person;
  customer: Person;
  /** The organizer's, with nothing sold. */
  desk: Awaited<ReturnType<typeof makeDesk>>;
  /** Of another organizer, on a plain plan, with the customer's bookings. */
  show: MadeShow;
  confirmedId: string;
  pendingId: string;
  paymentId: string;
  holdId: string;
  wishId: string;
  ticketId: string;
  promoId: string;
  tokenId: string;
  hookId: string;
  siteId: string;
  sessionId: string;
}

export async function makeLoot(running: Running, mark: string): Promise<Loot> {
  const { db } = running.app;
  const [organizer, customer] = [await person(running, 'organizer'), await person(running)];
  await db.query('update app_user set name = $2 where id = any ($1)', [[organizer.id, customer.id], `${mark} Person`]);
  const desk = await makeDesk(running, organizer, mark);
  const post = (what: string, body: object, by: Person, headers: Record<string, string> = {}) =>
    call(running.url, `POST ${what}`, { token: by.token, body, headers });
  const show = await makeShow(db, 12);
  const booked = await bookWithTickets(db, show, [0, 1]);
  await db.query('update booking set user_id = $2 where id = $1', [booked.bookingId, customer.id]);
  const held = await post(`/shows/${show.id}/holds`, { seats: [3] }, customer);
  const { id: paidHold } = held.body?.['hold'] as { id: string };
  const made = await post('/bookings', { holdId: paidHold }, customer, { 'idempotency-key': randomUUID() });
  const { booking, payment } = made.body as { booking: { id: string }; payment: { id: string } };
  const next = await post(`/shows/${show.id}/holds`, { seats: [5, 6] }, customer);
  const { id: holdId } = next.body?.['hold'] as { id: string };
  const wish = await db.query<{ id: string }>(
    `insert into waiting_wish (id, show_id, user_id, count, hold_id) values (gen_random_uuid(), $1, $2, 2, $1 || '.wish') returning id`,
    [desk.showId, customer.id]
  );
  const promo = { code: `${mark}-10`, off: { share: 1000 }, shows: [desk.showId] };
  const apiToken = { name: mark, scopes: ['control'], days: 7 };
  const hook = { name: mark, url: `https://example.org/${mark}`, events: ['booking.confirmed'] };
  const sessions = await call(running.url, 'GET /me/sessions', { token: customer.token });
  return {
    ...{ organizer, customer, desk, show, holdId, confirmedId: booked.bookingId, pendingId: booking.id },
    paymentId: payment.id,
    wishId: wish.rows[0]?.id ?? '',
    ticketId: booked.tickets[0]?.id ?? '',
    promoId: idOf(await post('/promo-codes', promo, organizer)),
    tokenId: idOf(await post('/me/tokens', apiToken, organizer)),
    hookId: idOf(await post('/webhook-endpoints', hook, organizer)),
    siteId: idOf(await post('/embed-sites', { origin: `https://${mark}.example` }, organizer)),
    sessionId: (sessions.body?.['items'] as { id: string }[])[0]?.id ?? ''
  };
}

/**
 * What stands in every table, so that one can see that nothing of it is different afterwards. But for what the service
 * counts by itself while it runs: how many watch a show.
 */
export async function everything({ app }: Running): Promise<Record<string, string>> {
  const tables = await app.db.query<{ name: string }>(
    `select relname as name from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'p')
       and not relispartition and relname <> 'show_traffic' order by 1`
  );
  const found: Record<string, string> = {};
  for (const { name } of tables.rows) {
    const { rows } = await app.db.query<{ all: string }>(
      `select count(*) || ' ' || coalesce(md5(string_agg(t::text, '|' order by t::text)), '') as all from ${name} t`
    );
    found[name] = rows[0]?.all ?? '';
  }
  return found;
}
