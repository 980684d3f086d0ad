import type { RequestEvent } from '@sveltejs/kit';
import { z } from 'zod';
import { detailsInLanguage, inLanguage, parseInLanguage } from '#domain/api/in-language.ts';
import { notFound, type Thing } from '#domain/not-found.ts';
import { isRefusal, refuse, type Refusal } from '#domain/refusal.ts';
import { catalogId, uuid } from '#domain/ids.ts';
import type { User } from '../../../server/accounts/accounts.ts';
import type { Manager } from '../../../server/catalog/ownership.ts';
import type { Door } from '../../../server/check-in/door.ts';

/** How API routes speak: JSON in, JSON or an RFC 9457 problem out, each refusal translated here and only here. */
export type ApiAnswer = Response | Refusal | object | null;

const TITLES: Readonly<Record<number, string>> = {
  400: 'Bad request',
  401: 'Not signed in',
  403: 'Not allowed',
  404: 'Not found',
  405: 'Method not allowed',
  409: 'Conflict',
  410: 'Gone',
  413: 'Too large',
  415: 'Not JSON',
  422: 'Not valid',
  429: 'Too many requests',
  500: 'Something went wrong',
  503: 'Busy'
};

export function problem(status: number, code: string, detail: string, details: object = {}): Response {
  const [title, said] = [inLanguage(TITLES[status] ?? 'Error'), inLanguage(detail)];
  const body = { ...detailsInLanguage({ ...details }), type: 'about:blank', title, status, detail: said, code };
  return new Response(JSON.stringify(body), {
    status,
    headers: { 'content-type': 'application/problem+json', 'cache-control': 'no-store' }
  });
}

export const toProblem = (refusal: Refusal): Response => {
  const response = problem(refusal.httpStatus, refusal.code, refusal.message, refusal.details);
  const retryAfter = refusal.details['retryAfter'] ?? (refusal.code === 'BUSY' ? 1 : undefined);
  if (typeof retryAfter === 'number') response.headers.set('retry-after', String(retryAfter));
  return response;
};

export const json = (body: object, status = 200, headers: Record<string, string> = {}): Response =>
  new Response(JSON.stringify(body), {
    status,
    headers: { 'content-type': 'application/json', 'cache-control': 'no-store', ...headers }
  });

/** What a handler answers, as a response. */
export function respond(answer: ApiAnswer): Response {
  if (answer instanceof Response) return answer;
  if (isRefusal(answer)) return toProblem(answer);
  return answer === null ? new Response(null, { status: 204 }) : json(answer);
}

/** Errors of Node and Postgres that mean "cannot be reached now", by their codes. */
const isAway = (error: unknown) =>
  error instanceof Error &&
  (/^(08|57P|53)/.test('code' in error ? String(error.code) : '') ||
    /ECONNREFUSED|ECONNRESET|Connection terminated|timeout exceeded/.test(
      `${'code' in error ? String(error.code) : ''} ${error.message}`
    ));

/** What reading a body throws beyond the limit: ours (body-limit.ts) or the adapter's. */
const isTooLarge = (error: unknown) =>
  typeof error === 'object' && error !== null && 'status' in error && error.status === 413;

/** Wraps a handler: what it returns becomes the response, what it throws is logged once and answered 500 or 503. */
export function api<Event extends RequestEvent>(handler: (event: Event) => Promise<ApiAnswer> | ApiAnswer) {
  return async (event: Event): Promise<Response> => {
    try {
      return respond(await handler(event));
    } catch (error) {
      if (isTooLarge(error)) return problem(413, 'TOO_LARGE', 'The body is too large.');
      if (isAway(error)) {
        event.locals.app.log.warn({ err: error, route: event.route.id }, 'a part is away');
        return toProblem(
          refuse('BUSY', 'We cannot do this right now. Nothing was changed; please try again in a moment.')
        );
      }
      event.locals.app.log.error({ err: error, route: event.route.id }, 'an API call failed');
      return problem(500, 'ERROR', 'Something went wrong on our side.');
    }
  };
}

const listed = (error: z.ZodError) => ({
  errors: error.issues.map((issue) => ({ path: issue.path.join('.'), message: issue.message }))
});

/** The body by its schema; INVALID names each path that is wrong. */
export async function readBody<T>(request: Request, schema: z.ZodType<T>): Promise<T | Refusal> {
  if (!/^application\/json\b/i.test(request.headers.get('content-type') ?? '')) {
    return refuse('INVALID', 'The body must be JSON (content-type: application/json).', { errors: [] });
  }
  const text = await request.text();
  let raw: unknown;
  try {
    raw = JSON.parse(text);
  } catch {
    return refuse('INVALID', 'The body is not well-formed JSON.', { errors: [] });
  }
  const parsed = parseInLanguage(schema, raw);
  return parsed.success ? parsed.data : refuse('INVALID', 'Some values are not valid.', listed(parsed.error));
}

/** A refusal of one part of the body, with its paths as the whole body has them. */
export function within(part: string, refusal: Refusal): Refusal {
  const listed = z.object({ errors: z.array(z.object({ path: z.string(), message: z.string() })) });
  const { success, data } = listed.safeParse(refusal.details);
  if (!success) return refusal;
  return refuse(refusal.code, refusal.message, {
    errors: data.errors.map(({ path, message }) => ({ path: `${part}.${path}`, message }))
  });
}

export function readQuery<T>(url: URL, schema: z.ZodType<T>): T | Refusal {
  const given = Object.fromEntries([...url.searchParams].filter(([, value]) => value !== ''));
  const parsed = parseInLanguage(schema, given);
  return parsed.success ? parsed.data : refuse('INVALID', 'Some values are not valid.', listed(parsed.error));
}

/** Who is signed in for all they know must not be told to sign in, only because nobody can look now. */
const nobody = ({ locals: { identity } }: RequestEvent, words = 'Please sign in first.'): Refusal =>
  identity.unchecked
    ? refuse('BUSY', 'We cannot see who you are right now. Nothing was changed; please try again in a moment.')
    : refuse('UNAUTHENTICATED', words);

export const signedIn = (event: RequestEvent): User | Refusal => event.locals.identity.user ?? nobody(event);

/** The same with the session that the request came in, which stays when others end. */
export function session(event: RequestEvent): { user: User; token: string } | Refusal {
  const user = signedIn(event);
  if (isRefusal(user)) return user;
  const { sessionToken: token } = event.locals.identity;
  return token === null ? nobody(event) : { user, token };
}

/** Who may hold: a user or a guest with a token. A guest's hold follows them into their account. */
export async function asBuyer(event: RequestEvent, showId: string): Promise<string | Refusal> {
  const { user, buyer, guest } = event.locals.identity;
  if (!buyer) return nobody(event, 'Get a buyer token (POST /api/v1/buyers) or sign in first.');
  if (user && guest && guest !== buyer) await event.locals.app.seats.adopt(showId, guest, buyer);
  return buyer;
}

/** Whoever sells: organizers and admins. Refuses UNAUTHENTICATED, FORBIDDEN. */
export const asManager = ({ locals }: RequestEvent): Manager | Refusal =>
  locals.app.desk.managerOf(locals.identity.user);

/** The same for one thing of the catalogue, by its id in the address. */
export function managing(
  event: RequestEvent & { params: { id: string } },
  what: Thing
): { by: Manager; id: string } | Refusal {
  const by = asManager(event);
  if (isRefusal(by)) return by;
  const { id } = event.params;
  return catalogId.safeParse(id).success ? { by, id } : notFound(what);
}

/** A show that the caller may manage, known before its body is read: else there is no such show, whatever they send. */
export async function managed(
  event: RequestEvent & { params: { id: string } }
): Promise<{ by: Manager; id: string } | Refusal> {
  const of = managing(event, 'show');
  if (isRefusal(of)) return notFound('show');
  const { app, identity } = event.locals;
  return (await app.catalog.mayManage(identity.user, of.id)) ? of : notFound('show');
}

/** A booking of a show that the caller may manage: what is not theirs is no booking, whatever the body says. */
export async function managedBooking(
  event: RequestEvent & { params: { id: string } }
): Promise<{ by: Manager; id: string } | Refusal> {
  const by = asManager(event);
  if (isRefusal(by)) return by;
  const { id } = event.params;
  const known = uuid.safeParse(id).success ? await event.locals.app.booking.refundsOf(by, id) : notFound('booking');
  return isRefusal(known) ? known : { by, id };
}

/** A booking of the caller's own, known before its body is read. Refuses UNAUTHENTICATED, NOT_FOUND. */
export async function ownBooking(
  event: RequestEvent & { params: { id: string } }
): Promise<{ user: User; id: string } | Refusal> {
  const user = signedIn(event);
  if (isRefusal(user)) return user;
  const { id } = event.params;
  const known = await event.locals.app.booking.view(id, user.id);
  return isRefusal(known) ? known : { user, id };
}

/** Whoever may check tickets, and at whose shows. Refuses UNAUTHENTICATED, FORBIDDEN. */
export const atDoor = ({ locals }: RequestEvent): Promise<Door | Refusal> =>
  locals.app.checkIn.doorOf(locals.identity.user);
