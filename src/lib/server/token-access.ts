import type { RequestEvent } from '@sveltejs/kit';
import { accessOf, SCOPES } from '#domain/scopes.ts';
import { refuse, type Refusal } from '#domain/refusal.ts';
import type { Identity } from '../../../server/accounts/accounts.ts';
import { toProblem } from './api.ts';

const API = '/api/v1';

/** The operation that a request is for, as src/lib/domain/scopes.ts names it; null for what is no part of the API. */
const routeOf = ({ route }: RequestEvent): string | null =>
  route.id?.startsWith(`${API}/`) ? route.id.slice(API.length) : null;

/** A "no" to a program that came with a token: to one that is not good, or not for this. Null: go on. */
export function refuseProgram(event: RequestEvent): Response | null {
  const { refused, apiToken } = event.locals.identity;
  if (refused) return withChallenge(toProblem(refused));
  if (!apiToken) return null;
  const refusal = lacking(event, apiToken.scopes);
  return refusal && toProblem(refusal);
}

function lacking(event: RequestEvent, scopes: readonly string[]): Refusal | null {
  const route = routeOf(event);
  // No route at all: that is answered as to anybody.
  if (route === null) return null;
  const access = accessOf(event.request.method, route);
  if (access === 'any') return null;
  if (access === null || access === 'none')
    return refuse('FORBIDDEN', 'No API token may do this: it takes somebody who has signed in.', { scope: null });
  if (scopes.includes(access)) return null;
  return refuse('FORBIDDEN', `This API token lacks the scope ${access}. (${SCOPES[access]}.)`, { scope: access });
}

function withChallenge(response: Response): Response {
  if (response.status === 401) response.headers.set('www-authenticate', 'Bearer error="invalid_token"');
  return response;
}

/** Tokens are for the API. To a page, whoever brings one is nobody. */
export const forPages = (identity: Identity): Identity =>
  identity.apiToken || identity.refused
    ? {
        ...{ user: null, buyer: null, guest: null, sessionToken: null, language: null },
        ...{ unchecked: false, apiToken: null, refused: null }
      }
    : identity;
