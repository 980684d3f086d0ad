import { createHash } from 'node:crypto';
import type { RequestEvent } from '@sveltejs/kit';
import { isRefusal, refuse, type Refusal } from '#domain/refusal.ts';
import type { Moves } from '../../../server/idempotency/idempotency.ts';
import { respond, type ApiAnswer } from './api.ts';

const LONGEST_KEY = 200;

/** The request's Idempotency-Key; null where none was sent. */
export function idempotencyKey({ request }: RequestEvent): string | null | Refusal {
  const key = request.headers.get('idempotency-key');
  if (key === null || (key.length > 0 && key.length <= LONGEST_KEY)) return key;
  return refuse('INVALID', 'The Idempotency-Key must have 1 to 200 characters.', {
    errors: [{ path: 'Idempotency-Key', message: 'must have 1 to 200 characters' }]
  });
}

/**
 * Does what the request asks for, once: sent again with the same Idempotency-Key and the same `input` it gets the same
 * answer. To be called when all is known to be allowed and valid; without a key it is only the work.
 */
export async function once(
  event: RequestEvent,
  moves: Moves,
  input: unknown,
  work: () => Promise<ApiAnswer>
): Promise<ApiAnswer> {
  const key = idempotencyKey(event);
  if (key === null) return work();
  if (isRefusal(key)) return key;
  const { app, identity } = event.locals;
  const caller = identity.user ? `u_${identity.user.id}` : identity.buyer;
  if (caller === null) return refuse('UNAUTHENTICATED', 'Please sign in first.');
  const asked = [event.request.method, event.url.pathname, event.url.search, input];
  const hash = createHash('sha256').update(JSON.stringify(asked)).digest('base64url');
  let first: Headers | undefined;
  const done = await app.idempotency.once(moves, { caller, key, hash }, async () => {
    const response = respond(await work());
    first = response.headers;
    return {
      status: response.status,
      contentType: response.headers.get('content-type'),
      body: await response.text()
    };
  });
  if (isRefusal(done)) return done;
  const { status, contentType, body } = done.answer;
  return new Response(status === 204 ? null : body, {
    status,
    headers: first ?? {
      ...{ 'cache-control': 'no-store', 'idempotent-replayed': 'true' },
      ...(contentType === null ? {} : { 'content-type': contentType })
    }
  });
}
