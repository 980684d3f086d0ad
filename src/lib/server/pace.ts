import { too_many_title } from '#domain/messages/compiled/refusals.js';
import type { RequestEvent } from '@sveltejs/kit';
import type { Refusal } from '#domain/refusal.ts';
import type { Identity } from '../../../server/accounts/accounts.ts';
import type { Pace } from '../../../server/http-limits.ts';
import { toProblem } from './api.ts';
import { clientAddress } from './client-address.ts';
import { plainAnswer } from './plain-page.ts';

/** Whoever wants to get in asks these; each has a stricter limit than the rest. */
const SIGNS_IN = /^(?:\/api\/v1\/auth\/|\/\(site\)\/(?:sign-in|sign-up|forgot-password|reset-password|confirm-email)$)/;

/**
 * Pictures are as good as files: they never change. And all news of a gateway come from a few addresses: a sale that goes
 * well must not keep its own payments out. What is not signed costs one HMAC.
 */
const NOT_COUNTED = new Set<RequestEvent['route']['id']>(['/pictures/[name]', '/api/v1/webhooks/[gateway]']);

/** Counts a request, before anything is done for it. */
export async function paceOf(event: RequestEvent, { user, apiToken, refused }: Identity): Promise<Pace> {
  const { route, request, locals } = event;
  if (NOT_COUNTED.has(route.id)) return { headers: {}, refusal: null };
  const tries = request.method === 'POST' && SIGNS_IN.test(route.id ?? '');
  return locals.app.httpLimits.count({
    ...{ token: apiToken?.id ?? null, user: user?.id ?? null, address: clientAddress(event) },
    signingIn: tries || refused?.code === 'UNAUTHENTICATED'
  });
}

/** The "no" to who is too fast, in the language of what was asked for. */
export function tooFast({ request }: RequestEvent, isApi: boolean, { refusal, headers }: Pace & { refusal: Refusal }) {
  const response = isApi ? toProblem(refusal) : plainAnswer(request, 429, too_many_title(), refusal.message);
  const wait = refusal.details['retryAfter'];
  for (const [name, value] of Object.entries({ ...headers, 'retry-after': String(wait) }))
    response.headers.set(name, value);
  return response;
}
