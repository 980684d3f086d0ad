import type { AuditQuery } from '#domain/reports.ts';
import { addDays } from '#domain/time.ts';
import { decodeCursor, pattern, toPage } from '../catalog/cursor.ts';
import { owned, type Manager } from '../catalog/ownership.ts';
import type { Sql } from '../db/database.ts';
import { differences, type Difference } from './differences.ts';

/** Who did what on the desk. An organizer sees what concerns their own things, whoever did it; an admin sees all. */
export interface AuditLine {
  id: number;
  at: string;
  who: { name: string; email: string };
  action: string;
  kind: string;
  thing: { id: string; name: string };
  /** Only what is different. */
  changed: Difference[];
}

export interface AuditRow {
  id: number;
  at: Date;
  action: string;
  kind: string;
  thing_id: string;
  before: Record<string, unknown> | null;
  after: Record<string, unknown> | null;
  name: string;
  email: string;
}

export const AUDIT_LINE = `a.id, a.at, a.action, a.kind, a.thing_id, a.before, a.after, u.name, u.email`;
export const AUDIT_FROM = 'audit_log a join app_user u on u.id = a.user_id';
const HISTORY = 100;

export async function listAudit(sql: Sql, by: Manager, query: AuditQuery) {
  const after = Number(decodeCursor(query.cursor)?.[0] ?? Number.NaN);
  const { rows } = await sql.query<AuditRow>(
    `select ${AUDIT_LINE} from ${AUDIT_FROM} where ${AUDIT_FILTER} and ($8::bigint is null or a.id < $8)
      order by a.id desc limit $9`,
    [...auditValues(by, query), Number.isSafeInteger(after) ? after : null, query.limit + 1]
  );
  const page = toPage(
    rows.map((row) => ({ ...row, key: String(row.id), id: String(row.id) })),
    query.limit
  );
  return { items: rows.slice(0, query.limit).map(toAuditLine), next: page.next };
}

export const AUDIT_FILTER = `${owned('a.organizer_id', 1)}
  and ($2::text is null or a.kind = $2) and ($3::text is null or a.action = $3)
  and ($4::text is null or a.thing_id = $4)
  and ($5::text is null or a.user_id in (select id from app_user where name ilike $5 or email ilike $5))
  and ($6::timestamptz is null or a.at >= $6) and ($7::timestamptz is null or a.at < $7)`;

export const auditValues = (by: Manager, query: AuditQuery) => [
  ...[by.owner, query.kind ?? null, query.action || null, query.thing || null, pattern(query.q)],
  ...[query.from ? `${query.from}T00:00Z` : null, query.to ? `${addDays(query.to, 1)}T00:00Z` : null]
];

/** What was done to one thing, the latest first. */
export async function auditOf(sql: Sql, by: Manager, kind: string, id: string): Promise<AuditLine[]> {
  const { rows } = await sql.query<AuditRow>(
    `select ${AUDIT_LINE} from ${AUDIT_FROM} where a.kind = $2 and a.thing_id = $3 and ${owned('a.organizer_id', 1)}
      order by a.id desc limit ${HISTORY}`,
    [by.owner, kind, id]
  );
  return rows.map(toAuditLine);
}

export function toAuditLine({ at, thing_id, before, after, name, email, ...row }: AuditRow): AuditLine {
  return {
    ...{ id: row.id, at: at.toISOString(), action: row.action, kind: row.kind, who: { name, email } },
    thing: { id: thing_id, name: nameOf(after) ?? nameOf(before) ?? thing_id },
    changed: differences(before, after)
  };
}

/** What a thing is called; a show by its event. */
function nameOf(thing: Record<string, unknown> | null): string | null {
  if (!thing) return null;
  for (const candidate of [thing['title'], thing['name'], thing['event'], thing['email'], thing['code']]) {
    if (typeof candidate === 'string' && candidate !== '') return candidate;
    if (typeof candidate === 'object' && candidate !== null && 'title' in candidate) return String(candidate.title);
  }
  return null;
}
