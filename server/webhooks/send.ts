import dns, { type LookupAddress } from 'node:dns';
import http from 'node:http';
import https from 'node:https';
import { isIP, type LookupFunction } from 'node:net';
import { RequestFilteringHttpAgent, RequestFilteringHttpsAgent } from 'request-filtering-agent';

/**
 * One POST to an address that somebody else chose. request-filtering-agent looks at the address that is connected to, so
 * no name, redirect or second answer of a DNS server leads into our own network. Redirects are not followed.
 */
export interface Sent {
  /** Of the answer; null when none came. */
  status: number | null;
  tookMs: number;
  /** How the answer began, up to 1 kB of it. */
  answer: string;
  /** In words for whoever looks at the log; null when it was accepted. */
  error: string | null;
  /** It asked to be left alone for so long (ms), with 429 or 503; null when it said nothing like that. */
  retryAfterMs: number | null;
}

export interface SendOptions {
  /** Addresses that are not public: all of them, none, or those in these networks. */
  allowPrivate: boolean | readonly string[];
  timeoutMs: number;
  /** Instead of the system's. */
  lookup?: LookupFunction | undefined;
}

const EXCERPT_BYTES = 1024;

export function createSender({ allowPrivate, timeoutMs, lookup = dns.lookup as LookupFunction }: SendOptions) {
  const networks = typeof allowPrivate === 'boolean' ? [] : allowPrivate;
  const of = (family: number) => networks.filter((network) => isIP(network.split('/')[0] ?? '') === family);

  /** The agent that checks what is connected to, and the lookup whose answer it checks: both for one request. */
  function checked({ protocol, hostname }: URL) {
    const allowed = of(isIP(hostname.replace(/^\[|\]$/g, '')));
    const everything = allowPrivate === true;
    const filter = {
      ...{ allowPrivateIPAddress: everything, allowMetaIPAddress: everything },
      allowIPAddressList: allowed
    };
    const agent =
      protocol === 'https:' ? new RequestFilteringHttpsAgent(filter) : new RequestFilteringHttpAgent(filter);
    /** One family of addresses, for the agent can compare each with networks of its own family only. */
    const narrowed: LookupFunction = (name, asked, done) => {
      lookup(name, { ...asked, all: true }, (error, found) => {
        if (error) return done(error, '', 0);
        const all: LookupAddress[] = Array.isArray(found) ? found : [{ address: found, family: isIP(found) }];
        const family = all.some((one) => one.family === 4) ? 4 : 6;
        const some = all.filter((one) => one.family === family);
        allowed.splice(0, allowed.length, ...of(family));
        if (asked.all) return done(null, some);
        done(null, some[0]?.address ?? '', family);
      });
    };
    return { agent, lookup: narrowed };
  }

  function post(url: URL, body: string, headers: Record<string, string>): Promise<http.IncomingMessage> {
    const { request } = url.protocol === 'https:' ? https : http;
    return new Promise((resolve, reject) => {
      const asked = request(url, {
        method: 'POST',
        headers: { ...headers, 'content-length': String(Buffer.byteLength(body)) },
        ...checked(url),
        signal: AbortSignal.timeout(timeoutMs)
      });
      asked.once('response', resolve);
      asked.once('error', reject);
      asked.end(body);
    });
  }

  return async function send(target: string, body: string, headers: Record<string, string>): Promise<Sent> {
    const began = performance.now();
    const tookMs = () => Math.round(performance.now() - began);
    try {
      const response = await post(new URL(target), body, headers);
      const status = response.statusCode ?? 0;
      const answer = await beginningOf(response);
      const asked = status === 429 || status === 503 ? response.headers['retry-after'] : undefined;
      const retryAfterMs = retryAfter(asked, Date.now());
      return { status, tookMs: tookMs(), answer, error: wrongWith(status), retryAfterMs };
    } catch (error) {
      return { status: null, tookMs: tookMs(), answer: '', error: inWords(error, timeoutMs), retryAfterMs: null };
    }
  };
}

/** What was said is enough: the rest is not read, and a body that never ends does not make the answer worse. */
async function beginningOf(response: http.IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of response as AsyncIterable<Buffer>) {
      chunks.push(chunk);
      size += chunk.length;
      if (size >= EXCERPT_BYTES) break;
    }
  } catch {
    // It ended in the middle.
  }
  response.destroy();
  // Postgres has no text with a zero byte in it.
  return Buffer.concat(chunks).subarray(0, EXCERPT_BYTES).toString('utf8').replaceAll('\0', '');
}

/** RFC 9110, 10.2.3: whole seconds, or a date. In ms from `now`; null for what is neither, or has gone by. */
export function retryAfter(said: string | undefined, now: number): number | null {
  if (said === undefined) return null;
  const ms = /^\d{1,9}$/.test(said) ? Number(said) * 1000 : Date.parse(said) - now;
  return ms > 0 ? ms : null;
}

function wrongWith(status: number): string | null {
  if (status >= 200 && status < 300) return null;
  if (status >= 300 && status < 400) return `It answered ${status}, and redirects are not followed.`;
  if (status === 410) return 'It answered 410: it is gone and wants no more messages.';
  return `It answered ${status}.`;
}

function inWords(error: unknown, timeoutMs: number): string {
  const { name, message } = error instanceof Error ? error : { name: '', message: String(error) };
  if (name === 'AbortError' || name === 'TimeoutError') return `No answer within ${timeoutMs / 1000} seconds.`;
  if (/is not allowed/.test(message)) return 'The address is not a public one, and those are refused.';
  return `It could not be reached: ${message}`.slice(0, 300);
}
