import * as m from '#domain/messages/compiled/editor.js';
import { z } from 'zod';
import type { PlanDraft } from '#domain/plan-draft/draft.ts';
import type { Problem } from '#domain/plan-draft/problems.ts';

/** What the editor asks of the server, with every answer as a value: a "no" is never thrown. */
export interface No {
  ok: false;
  /** 0 when there was no answer at all. */
  status: number;
  code: string;
  message: string;
  problems: Problem[];
}
type Answer<T> = ({ ok: true } & T) | No;

const refusal = z.object({
  code: z.string().catch('ERROR'),
  detail: z.string().catch(() => m.went_wrong()),
  problems: z.array(z.custom<Problem>()).catch([])
});
const away = () => m.no_connection();

async function ask(path: string, init?: RequestInit): Promise<Answer<{ body: unknown }>> {
  try {
    const response = await fetch(`/api/v1/plans/${path}`, init);
    const body: unknown = response.status === 204 ? null : await response.json();
    if (response.ok) return { ok: true, body };
    const { code, detail, problems } = refusal.parse(body ?? {});
    return { ok: false, status: response.status, code, message: detail, problems };
  } catch {
    return { ok: false, status: 0, code: 'AWAY', message: away(), problems: [] };
  }
}

const sending = (method: string, body: object): RequestInit => ({
  ...{ method, body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }
});

// The server has checked the draft when it was stored; it may be megabytes.
const stored = z.object({ draft: z.custom<PlanDraft>((value) => typeof value === 'object'), version: z.number() });
const saved = z.object({ version: z.number() });
const made = z.object({ id: z.string() });

export async function readDraft(id: string): Promise<Answer<z.infer<typeof stored>>> {
  const answer = await ask(`${id}/draft`);
  return answer.ok ? { ok: true, ...stored.parse(answer.body) } : answer;
}

/** Refuses CHANGED_MEANWHILE when somebody else has saved since `version`. */
export async function writeDraft(id: string, version: number, draft: PlanDraft): Promise<Answer<{ version: number }>> {
  const answer = await ask(`${id}/draft`, sending('PUT', { version, draft }));
  return answer.ok ? { ok: true, ...saved.parse(answer.body) } : answer;
}

/** Refuses INVALID with the problems that forbid it. */
export async function publishDraft(id: string, version: number): Promise<Answer<object>> {
  const answer = await ask(`${id}/publish`, sending('POST', { version }));
  return answer.ok ? { ok: true } : answer;
}

/** A draft of its own with these contents; answers its id. */
export async function keepAsCopy(id: string, draft: PlanDraft): Promise<Answer<{ id: string }>> {
  const copy = await ask(`${id}/duplicate`, { method: 'POST' });
  if (!copy.ok) return copy;
  const { id: copyId } = made.parse(copy.body);
  const now = await readDraft(copyId);
  if (!now.ok) return now;
  const written = await writeDraft(copyId, now.version, { ...draft, name: now.draft.name });
  return written.ok ? { ok: true, id: copyId } : written;
}

const unclear = (message: string): No => ({
  ...{ ok: false, status: 502, code: 'ERROR', message },
  problems: []
});

const picture = z.object({ picture: z.object({ id: z.string(), width: z.number(), height: z.number() }) });

/** Sends a picture to be drawn over. */
export async function sendPicture(file: File): Promise<Answer<{ picture: z.infer<typeof picture>['picture'] }>> {
  const form = new FormData();
  form.set('file', file);
  const answer = await ask('../pictures?use=background', { method: 'POST', body: form });
  if (!answer.ok) return answer;
  const read = picture.safeParse(answer.body);
  if (read.success) return { ok: true, ...read.data };
  return unclear(m.unclear_picture());
}

const published = z.object({ seats: z.array(z.unknown()) });

/** The geometry of a published version, to compare with. */
export async function readPublished(id: string): Promise<Answer<{ plan: unknown }>> {
  const answer = await ask(`${id}/geometry`);
  if (!answer.ok) return answer;
  return published.safeParse(answer.body).success ? { ok: true, plan: answer.body } : unclear(m.unclear_version());
}
