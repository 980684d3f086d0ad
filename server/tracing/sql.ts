import { SpanKind } from '@opentelemetry/api';
import type { Database, Sql } from '../db/database.ts';
import { inSpan } from './spans.ts';

/** `insert booking`: enough to find the statement by. */
function nameOf(text: string): string {
  const [, verb = 'sql'] = /^\s*(\w+)/.exec(text) ?? [];
  const [, table = ''] = /\b(?:from|into|update|join)\s+(\w+)/i.exec(text) ?? [];
  return `${verb.toLowerCase()} ${table}`.trim();
}

function traced(sql: Sql): Sql {
  const query = sql.query.bind(sql) as (...args: unknown[]) => Promise<unknown>;
  const inside = (...args: unknown[]) => {
    const [first] = args;
    if (typeof first !== 'string') return query(...args);
    // Statements have parameters, whose values are not told.
    const attributes = { 'db.system.name': 'postgresql', 'db.query.text': first.slice(0, 2000) };
    return inSpan(nameOf(first), () => query(...args), { kind: SpanKind.CLIENT, attributes, insideOnly: true });
  };
  return { query: inside as Sql['query'] };
}

/** The same database, with a span for each transaction and each statement of what is traced. */
export function traceDatabase(db: Database): Database {
  return {
    ...db,
    ...traced(db),
    transaction: (work, isolation, around = (commit) => commit()) =>
      inSpan(
        'transaction',
        () =>
          db.transaction(
            (sql) => work(traced(sql)),
            isolation,
            (commit) => around(() => inSpan('commit', commit, { insideOnly: true }))
          ),
        { insideOnly: true }
      )
  };
}
