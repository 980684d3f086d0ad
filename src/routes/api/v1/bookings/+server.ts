import { showOfHold } from '#domain/ids.ts';
import { bookingBody, seatList } from '#domain/protocol.ts';
import { isRefusal, refuse } from '#domain/refusal.ts';
import { api, json, readBody, signedIn } from '$lib/server/api.ts';

const LONGEST_KEY = 200;

export const POST = api(async (event) => {
  const user = signedIn(event);
  if (isRefusal(user)) return user;
  const key = event.request.headers.get('idempotency-key') ?? '';
  if (key.length === 0 || key.length > LONGEST_KEY) {
    return refuse('INVALID', 'Send an Idempotency-Key header of 1 to 200 characters, a new one for each purchase.', {
      errors: [{ path: 'Idempotency-Key', message: 'is missing or too long' }]
    });
  }
  const body = await readBody(event.request, bookingBody);
  if (isRefusal(body)) return body;
  const { app, identity } = event.locals;
  const { holdId } = body;
  const made = await app.booking.checkout({ user, buyer: identity.buyer ?? '', guest: identity.guest }, body, key);
  if (!isRefusal(made)) return json(made, 201);
  const gone = made.code === 'SEAT_TAKEN' ? seatList.safeParse(made.details['seats']).data : undefined;
  if (!gone) return made;
  const alternatives = await app.seats.alternatives(showOfHold(holdId), gone);
  return refuse(made.code, made.message, { ...made.details, alternatives });
});
