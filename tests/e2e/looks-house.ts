import { randomUUID } from 'node:crypto';
import { expect, type APIRequestContext } from '@playwright/test';

/** A house whose names, times and seats are always the same, so that pictures of it can be compared. */
export const SPECTATOR = { email: 'ada.keller@example.com', password: 'a quiet evening', name: 'Ada Keller' };
export const DIRECTOR = { email: 'lena.brandt@example.com', password: 'a full house', name: 'Lena Brandt' };
const ADMIN = { email: 'admin@sample.com', password: '1234' };
/** Whoever plays in all of its events: they are found by it. */
export const PLAYERS = 'Ensemble Lumière';

const PRICES = { floor: 3800, gallery: 2600, standing: 1800 };
const BLOCKED = [0, 1, 2, 3, 56, 57, 58, 59];
const HELD = [
  [16, 17, 18],
  [40, 41],
  [64, 65, 66, 67]
];
const BOOKED = [28, 29];
const CHOSEN = [30, 31];

type Answer = Record<string, unknown>;

function asks(request: APIRequestContext, headers: Record<string, string>) {
  return async (what: string, data: object = {}): Promise<Answer> => {
    const [method = 'GET', path = ''] = what.split(' ');
    const sent = { ...headers, 'idempotency-key': randomUUID() };
    const answer = await request.fetch(`/api/v1${path}`, {
      method,
      headers: sent,
      ...(method === 'GET' ? {} : { data })
    });
    expect(answer.status(), `${what}: ${await answer.text()}`).toBeLessThan(300);
    return (await answer.json()) as Answer;
  };
}
type Ask = ReturnType<typeof asks>;

const bearer = (answer: Answer) => ({ authorization: `Bearer ${String(answer['token'])}` });
const idOf = (of: unknown) => String((of as Answer)['id']);

/** Opens the house; answers the paths of what can be looked at in it. */
export async function openHouse(arrive: () => Promise<APIRequestContext>) {
  // Cookies make somebody of whoever asks: each comes for themselves.
  const request = await arrive();
  const anybody = asks(request, {});
  const admin = asks(await arrive(), bearer(await anybody('POST /auth/login', ADMIN)));
  const ada = await anybody('POST /auth/signup', SPECTATOR);
  const signedUp = await anybody('POST /auth/signup', DIRECTOR);
  // Another role ends the sessions that one has.
  await admin(`PATCH /admin/users/${idOf(signedUp['user'])}`, { role: 'organizer' });
  const spectator = asks(await arrive(), bearer(ada));
  const director = asks(
    request,
    bearer(await anybody('POST /auth/login', { email: DIRECTOR.email, password: DIRECTOR.password }))
  );

  const venueId = idOf(await director('POST /venues', VENUE));
  const planId = idOf(await director('POST /plans', { venueId, name: 'Tables and gallery', generate: 120 }));
  const make = async (title: string, startsAt: string, more: object = {}) => {
    const event = { kind: 'theatre', title, performers: PLAYERS, durationMin: 130, ...more };
    const made = await director('POST /events', event);
    const show = { eventId: idOf(made), planId, startsAt, currency: 'EUR', prices: PRICES };
    return { slug: String(made['slug']), show: idOf(await director('POST /shows', show)) };
  };
  const orchard = await make('The Cherry Orchard by Candlelight', '2031-12-12T19:30:00+01:00', { description: ABOUT });
  const storm = await make('The Tempest, Whispered', '2031-12-13T20:00:00+01:00');
  const crowd = await make('One Night of Everything', '2031-12-14T18:00:00+01:00', { kind: 'concert' });

  await director(`POST /shows/${orchard.show}/blocks`, { seats: BLOCKED, reason: 'Cameras' });
  for (const seats of HELD) {
    const guest = await arrive();
    const { token } = await asks(guest, {})('POST /buyers');
    await asks(guest, { 'x-buyer-token': String(token) })(`POST /shows/${orchard.show}/holds`, { seats });
  }
  const booking = await book(spectator, orchard.show);
  await spectator(`POST /shows/${orchard.show}/holds`, { seats: CHOSEN });
  const { hold } = await spectator(`POST /shows/${storm.show}/holds`, { seats: CHOSEN });
  await director(`PATCH /shows/${crowd.show}`, { roomPerMinute: 60 });
  return {
    event: `/events/${orchard.slug}`,
    show: `/shows/${orchard.show}`,
    checkout: `/checkout/${idOf(hold)}`,
    booking: `/bookings/${booking}`,
    room: `/shows/${crowd.show}/waiting-room`,
    control: `/admin/shows/${orchard.show}`
  };
}

const VENUE = {
  name: 'Cellar Club',
  address: 'Under the bridge 4',
  city: 'Berlin',
  country: 'de',
  timeZone: 'Europe/Berlin'
};
const ABOUT = 'Four acts, forty candles, and an orchard that nobody wants to sell. In German, with English surtitles.';

/** Books seats of a show, and pays; answers the booking's id when its tickets are there. */
async function book(ask: Ask, show: string): Promise<string> {
  const { hold } = await ask(`POST /shows/${show}/holds`, { seats: BOOKED });
  const { booking, payment } = await ask('POST /bookings', { holdId: idOf(hold) });
  await ask(`POST /payments/${idOf(payment)}/sandbox`, { outcome: 'success' });
  await expect.poll(async () => (await ask(`GET /bookings/${idOf(booking)}`))['tickets']).toHaveLength(2);
  return idOf(booking);
}
