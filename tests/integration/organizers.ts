import { randomUUID } from 'node:crypto';
import type { Running } from '../../server/serve.ts';
import { call, type Answer } from './api-server.ts';

/** People who sell, and what they have on their desk, made over HTTP as a client would. */
export interface Person {
  id: string;
  token: string;
}

export async function person(running: Running, role = 'customer'): Promise<Person> {
  const email = `${randomUUID()}@desk.example`;
  const body = { email, password: 'a long enough password', name: 'Ada' };
  const answer = await call(running.url, 'POST /auth/signup', { body });
  const { id } = answer.body?.['user'] as { id: string };
  await running.app.db.query('update app_user set role = $2 where id = $1', [id, role]);
  return { id, token: String(answer.body?.['token']) };
}

export const VENUE = { name: 'Test House', city: 'Berlin', country: 'de', timeZone: 'Europe/Berlin' };
export const PRICES = { floor: 3800, gallery: 2600, standing: 1800 };
export const idOf = (answer: Answer): string => {
  if (answer.status !== 201) throw new Error(`not made: ${answer.status} ${answer.text}`);
  return String(answer.body?.['id']);
};

/** A venue with a plan of 120, an event and a show, all with `mark` in their names. */
export async function makeDesk(running: Running, { token }: Person, mark = 'Zebrafink') {
  const post = async (what: string, body: object) => idOf(await call(running.url, `POST ${what}`, { token, body }));
  const venueId = await post('/venues', { ...VENUE, name: `${mark} House`, city: `${mark}stadt` });
  const planId = await post('/plans', { venueId, name: `${mark} plan`, generate: 120 });
  const eventId = await post('/events', { kind: 'theatre', title: `${mark} sings` });
  const body = { eventId, planId, startsAt: '2031-12-12T19:30:00+01:00', currency: 'EUR', prices: PRICES };
  return { venueId, planId, eventId, showId: await post('/shows', body) };
}
