import { bookingBody } from '#domain/protocol.ts';
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
  const { holdId, attendees } = body;
  const made = await app.booking.checkout(
    { user, buyer: identity.buyer ?? '', guest: identity.guest },
    attendees ? { holdId, attendees } : { holdId },
    key
  );
  return isRefusal(made) ? made : json(made, 201);
});
