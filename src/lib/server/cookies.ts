import type { Cookies, RequestEvent } from '@sveltejs/kit';
import type { Config } from '../../../server/config.ts';

/** Cookies of ours. Their names follow server/accounts/cookies.ts, which the sockets read them by. */
type Origin = Pick<Config, 'origin'>;
const isSecure = ({ origin }: Origin) => origin.startsWith('https:');
const named = (config: Origin, name: string) => (isSecure(config) ? `__Host-${name}` : name);

export const sessionCookie = (config: Origin) => named(config, 'fullhouse_session');
export const buyerCookie = (config: Origin) => named(config, 'fullhouse_buyer');

const GUEST_SECONDS = 180 * 24 * 3600;

type SetOptions = Parameters<Cookies['set']>[2];
const options = (config: Origin): SetOptions => ({
  path: '/',
  httpOnly: true,
  sameSite: 'lax',
  secure: isSecure(config)
});

export function setSession(event: RequestEvent, session: { token: string; expiresAt: Date }): void {
  const { config } = event.locals.app;
  event.cookies.set(sessionCookie(config), session.token, { ...options(config), expires: session.expiresAt });
}

export function clearSession(event: RequestEvent): void {
  const { config } = event.locals.app;
  event.cookies.delete(sessionCookie(config), options(config));
}

export function setBuyer(event: RequestEvent, token: string): void {
  const { config } = event.locals.app;
  event.cookies.set(buyerCookie(config), token, { ...options(config), maxAge: GUEST_SECONDS });
}

/** A token in a header is meant; a cookie comes along by itself. So the header wins. */
export function readCredentials(event: RequestEvent, config: Origin) {
  const bearer = /^Bearer (\S{1,200})$/.exec(event.request.headers.get('authorization') ?? '')?.[1];
  return {
    sessionToken: bearer ?? event.cookies.get(sessionCookie(config)) ?? null,
    buyerToken: event.request.headers.get('x-buyer-token') ?? event.cookies.get(buyerCookie(config)) ?? null
  };
}
