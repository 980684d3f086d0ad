import type { RequestEvent } from '@sveltejs/kit';
import { uuid } from '#domain/ids.ts';
import { notFound } from '#domain/not-found.ts';
import { isRefusal, type Refusal } from '#domain/refusal.ts';
import { asManager } from '$lib/server/api.ts';
import type { Manager } from '../../../server/catalog/ownership.ts';

/** Who asks for the account of `params.id`. Accounts are there for admins alone. */
export function askedUser(event: RequestEvent): Manager | Refusal {
  const by = asManager(event);
  if (isRefusal(by)) return by;
  return by.owner === null && uuid.safeParse(event.params['id']).success ? by : notFound('user');
}
