import { expect, type APIRequestContext } from '@playwright/test';
import { ORGANIZER } from './visitor.ts';

/** A show of 120 seats that no other test knows of, and what its organizer does with it over the API. */
export async function ownShow(request: APIRequestContext, title: string) {
  const signed = await request.post('/api/v1/auth/login', { data: ORGANIZER });
  const { token } = (await signed.json()) as { token: string };
  const headers = { authorization: `Bearer ${token}` };
  const ask = async (what: string, data: object = {}): Promise<Record<string, unknown>> => {
    const [method = 'GET', path = ''] = what.split(' ');
    const answer = await request.fetch(`/api/v1${path}`, { method, headers, ...(method === 'GET' ? {} : { data }) });
    expect(answer.status(), await answer.text()).toBeLessThan(300);
    return (await answer.json()) as Record<string, unknown>;
  };
  const make = async (what: string, data: object) => String((await ask(`POST ${what}`, data))['id']);
  const venueId = await make('/venues', { name: title, city: 'Berlin', country: 'de', timeZone: 'Europe/Berlin' });
  const planId = await make('/plans', { venueId, name: title, generate: 120 });
  const eventId = await make('/events', { kind: 'theatre', title });
  const prices = { floor: 3800, gallery: 2600, standing: 1800 };
  const startsAt = '2031-12-12T19:30:00+01:00';
  return { show: await make('/shows', { eventId, planId, startsAt, currency: 'EUR', prices }), ask };
}
