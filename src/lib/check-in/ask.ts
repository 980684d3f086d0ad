import * as m from '#domain/messages/compiled/check_in.js';
import { z } from 'zod';

/** Calls of the check-in API from a gate. `away`: nobody answered, so nobody knows. */
export type Said<T> =
  | { ok: true; body: T }
  | { ok: false; away: true }
  | { ok: false; away: false; code: string; message: string; ticket?: { label: string; attendee: string } };

const PATIENCE_MS = 4000;
const AWAY = new Set([502, 503, 504]);
const problem = z.object({
  code: z.string(),
  detail: z.string(),
  ticket: z.object({ label: z.string(), attendee: z.string(), n: z.number(), of: z.number() }).optional()
});

export async function ask<T>(path: string, body?: object): Promise<Said<T>> {
  let response: Response;
  try {
    response = await fetch(`/api/v1/check-ins${path && `/${path}`}`, {
      signal: AbortSignal.timeout(PATIENCE_MS),
      ...(body && { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) })
    });
    // Our own server's answer, of the type that its handler has.
    if (response.ok) return { ok: true, body: (await response.json()) as T };
    if (AWAY.has(response.status)) return { ok: false, away: true };
    const { data } = problem.safeParse(await response.json());
    const { code, detail: message, ticket } = data ?? { code: 'ERROR', detail: m.went_wrong() };
    return { ok: false, away: false, code, message, ...(ticket ? { ticket } : {}) };
  } catch {
    return { ok: false, away: true };
  }
}
