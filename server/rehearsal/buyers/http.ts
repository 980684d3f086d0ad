import { z } from 'zod';
import type { Tally } from './tally.ts';

/** Calls of /api/v1. What is not the wanted answer is counted as a refusal or an error, and is null here. */
const TIMEOUT_MS = 30_000;
const problem = z.object({ code: z.string(), detail: z.string().optional(), title: z.string().optional() });

export interface CallOptions {
  token?: string;
  buyer?: string;
  key?: string;
  body?: unknown;
}

export interface Http {
  /** `call('book', 'POST /bookings', schema, {…})`; the first word is the operation that is timed. */
  call<T>(operation: string, what: string, schema: z.ZodType<T>, given?: CallOptions): Promise<T | null>;
}

export function createHttp(url: string, tally: Tally): Http {
  async function send(what: string, { token, buyer, key, body }: CallOptions) {
    const [method = 'GET', path = ''] = what.split(' ');
    const response = await fetch(`${url}/api/v1${path}`, {
      method,
      headers: {
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
        ...(buyer === undefined ? {} : { 'x-buyer-token': buyer }),
        ...(key === undefined ? {} : { 'idempotency-key': key }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' })
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(TIMEOUT_MS)
    });
    const text = await response.text();
    return { status: response.status, ok: response.ok, body: text === '' ? null : (JSON.parse(text) as unknown) };
  }

  return {
    async call(operation, what, schema, given = {}) {
      const sent = performance.now();
      try {
        const answer = await send(what, given);
        tally.time(operation, performance.now() - sent);
        if (answer.ok) return schema.parse(answer.body);
        const refusal = problem.safeParse(answer.body);
        if (refusal.success)
          tally.refused(operation, refusal.data.code, refusal.data.detail ?? refusal.data.title ?? '');
        else tally.error(`${operation}: HTTP ${answer.status}`, JSON.stringify(answer.body));
      } catch (error) {
        tally.error(
          `${operation}: no answer`,
          error instanceof Error ? `${error.message} ${String(error.cause ?? '')}` : String(error)
        );
      }
      return null;
    }
  };
}
