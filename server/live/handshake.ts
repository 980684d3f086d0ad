import { STATUS_CODES, type IncomingHttpHeaders, type IncomingMessage } from 'node:http';
import { z } from 'zod';
import { chooseLanguage, type Language } from '#domain/language.ts';
import { buyerCookieName, sessionCookieName } from '../accounts/cookies.ts';
import type { Config } from '../config.ts';

/**
 * Who may open a socket. CORS does not protect WebSockets: without this check any site could open one with the
 * visitor's cookies and click seats in their name.
 */
export function originAllowed(config: Config, request: IncomingMessage): boolean {
  const origin = request.headers.origin;
  if (origin === undefined) {
    // Browsers always send it. A program may leave it out, but then it cannot ride on cookies.
    return request.headers.cookie === undefined;
  }
  if (origin === config.origin) return true;
  // Development and demo are reached as localhost, 127.0.0.1 or by a name in the local network.
  return config.mode !== 'production' && request.headers.host !== undefined && sameHost(origin, request.headers.host);
}

const sameHost = (origin: string, host: string) => URL.canParse(origin) && new URL(origin).host === host;

/** Engine.IO would say 400 to whomever it turns away, which tells neither a program nor a log what kind of "no" it was. */
export function refuseUpgrade({ socket }: IncomingMessage, status: 403 | 429 | 503, words: string): void {
  const head = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}`,
    'Connection: close',
    'Content-Type: text/plain',
    `Content-Length: ${Buffer.byteLength(words)}`
  ];
  socket.end(`${head.join('\r\n')}\r\n\r\n${words}`);
}

const handshakeAuth = z.object({ token: z.string().max(200).optional(), buyerToken: z.string().max(200).optional() });
const spoken = z.object({ language: z.string() });

/** Reads cookies without a library: names of ours have no special characters. */
export function cookieOf(header: string | undefined, name: string): string | null {
  for (const part of header?.split(';') ?? []) {
    const at = part.indexOf('=');
    if (at > 0 && part.slice(0, at).trim() === name) return decode(part.slice(at + 1).trim());
  }
  return null;
}

function decode(value: string): string {
  try {
    return decodeURIComponent(value);
  } catch {
    return value;
  }
}

export interface Credentials {
  sessionToken: string | null;
  buyerToken: string | null;
}

export function credentialsOf(config: Config, cookie: string | undefined, auth: unknown): Credentials {
  const given = handshakeAuth.safeParse(auth ?? {});
  const named = given.success ? given.data : {};
  // A token is meant, a cookie comes along by itself: a map in a frame stays its own guest's, whoever is signed in here.
  if (named.token !== undefined || named.buyerToken !== undefined)
    return { sessionToken: named.token ?? null, buyerToken: named.buyerToken ?? null };
  return {
    sessionToken: cookieOf(cookie, sessionCookieName(config)),
    buyerToken: cookieOf(cookie, buyerCookieName(config))
  };
}

/** A page says in which language it is; of a program that says nothing we know what its headers ask for. */
export const spokenBy = (headers: IncomingHttpHeaders, auth: unknown): Language =>
  chooseLanguage({ cookie: spoken.safeParse(auth).data?.language, accepted: headers['accept-language'] });
