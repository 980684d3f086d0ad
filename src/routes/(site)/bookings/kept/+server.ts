import { json, type RequestHandler } from '@sveltejs/kit';
import { z } from 'zod';
import { placeName } from '#domain/place.ts';
import { isRefusal } from '#domain/refusal.ts';
import type { KeptBooking } from '$lib/phone/kept-booking.ts';
import { qrOf } from '$lib/server/ticket-qr.ts';

const asked = z.array(z.uuid()).max(20);
/** A ticket is of use until the show is over; when that is nobody knows for sure. */
const OVER_MS = 24 * 3600 * 1000;

/**
 * Of the bookings asked for (`?id=…&id=…`), those that a phone may keep: the reader's own, confirmed, of a show that is
 * still to come. What is missing from the answer is to be forgotten, for whatever reason: the phone need not know it.
 */
export const GET: RequestHandler = async ({ locals, url }) => {
  const headers = { 'cache-control': 'private, no-store' };
  const { user, unchecked } = locals.identity;
  // Nobody can say now whose session it is: that is no reason to take anybody's tickets away.
  if (unchecked) return json({ message: 'Please try again in a moment.' }, { status: 503, headers });
  if (!user) return json({ message: 'Please sign in.' }, { status: 401, headers });
  const ids = asked.safeParse(url.searchParams.getAll('id'));
  if (!ids.success) return json({ message: 'Ask for up to 20 bookings by their ids.' }, { status: 422, headers });
  const bookings: KeptBooking[] = [];
  for (const id of new Set(ids.data)) {
    const found = await keepable(locals.app, id, user.id);
    if (found) bookings.push(found);
  }
  return json({ owner: user.id, at: new Date().toISOString(), bookings }, { headers });
};

async function keepable(app: App.Locals['app'], id: string, user: string): Promise<KeptBooking | null> {
  const found = await app.booking.view(id, user);
  if (isRefusal(found)) return null;
  const { booking, tickets } = found;
  const { show } = booking;
  const over = Date.parse(show.startsAt) + OVER_MS < Date.now();
  if (booking.status !== 'CONFIRMED' || show.cancelled || over || tickets.length === 0) return null;
  return {
    id: booking.id,
    title: show.eventTitle,
    ...{ startsAt: show.startsAt, timeZone: show.timeZone },
    place: placeName({ name: show.venueName, room: show.room }),
    address: [show.venueAddress, show.city].filter(Boolean).join(', '),
    tickets: await Promise.all(
      tickets.map(async ({ label, shortCode, code }) => ({ label, shortCode, qr: await qrOf(code) }))
    )
  };
}
