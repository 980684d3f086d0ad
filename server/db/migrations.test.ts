import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

/**
 * A migration runs while nodes of the version before are at work, and they go on for as long as the release takes. So it
 * may widen what there is and never narrow it: README, "A release without a pause".
 */
const FOLDER = join(import.meta.dirname, 'migrations');
const files = readdirSync(FOLDER).filter((file) => file.endsWith('.sql'));

const FIRST = 'part of the first release: there is no node of a version before it';
/** Why what a file takes away, or demands, is asked for by no node that could be at work. */
const ALLOWED: Readonly<Record<string, string>> = {
  '0002_desk.sql': FIRST,
  '0003_audit_actions.sql': FIRST,
  '0004_plan_versions.sql': FIRST,
  '0005_pictures.sql': FIRST,
  '0007_refunds.sql': FIRST,
  '0010_check_in.sql': FIRST,
  '0012_rooms.sql': FIRST,
  '0013_prices.sql': FIRST,
  '0016_moves.sql': FIRST,
  '0021_paid_moves.sql': FIRST,
  '0022_waiting_room.sql': FIRST
};

/** What takes something away from old nodes, or asks of them what they do not know. */
const BREAKS: readonly (readonly [what: string, sql: RegExp])[] = [
  ['drops a table', /\bdrop\s+(table|view|schema)\b/],
  ['drops a column', /\bdrop\s+column\b/],
  ['drops a constraint that old nodes may name', /\bdrop\s+constraint\b/],
  ['drops a default', /\bdrop\s+default\b/],
  ['drops a function or trigger', /\bdrop\s+(function|trigger)\b/],
  ['renames', /\brename\b/],
  ['changes a type', /\balter\s+column\s+\w+\s+(set\s+data\s+)?type\b/],
  ['demands a value that old nodes do not write', /\bset\s+not\s+null\b/],
  [
    'adds a column that old nodes do not fill',
    /\badd\s+column\s+(?!.*\bdefault\b)(?!.*\bgenerated\b)[^,;]*\bnot\s+null\b/
  ],
  ['deletes rows', /\b(truncate|delete\s+from)\b/],
  ['adds a constraint that old nodes may run into', /\badd\s+constraint\b/],
  ['makes something unique that was not', /\bcreate\s+unique\s+index\b/]
];

/** Strings, bodies of functions and comments are no statements. */
const bare = (sql: string) =>
  sql
    .replaceAll(/--.*$/gm, '')
    .replaceAll(/\$\$.*?\$\$/gs, "''")
    .replaceAll(/'(?:[^']|'')*'/g, "''")
    .toLowerCase();

/** A table that the same file makes is no old node's. */
function breaksIn(sql: string): string[] {
  const text = bare(sql);
  const made = new Set(
    [...text.matchAll(/\bcreate\s+table\s+(?:if\s+not\s+exists\s+)?(\w+)/g)].map(([, name]) => name)
  );
  const statements = text.split(';').map((each) => each.trim());
  return statements.flatMap((statement) => {
    if (/^create\s+table/.test(statement)) return [];
    const [, table] = /^(?:alter\s+table(?:\s+only)?|create\s+unique\s+index\s+\w+\s+on)\s+(\w+)/.exec(statement) ?? [];
    if (table !== undefined && made.has(table)) return [];
    return BREAKS.filter(([, pattern]) => pattern.test(statement)).map(
      ([what]) => `${what}: ${statement.replaceAll(/\s+/g, ' ').slice(0, 60)}`
    );
  });
}

describe('a migration that old nodes would notice', () => {
  it.each([
    ['alter table booking drop column total', 'drops a column'],
    ['alter table booking rename column total to amount', 'renames'],
    ['alter table booking alter column total set not null', 'demands a value'],
    ['alter table booking add column x text not null', 'adds a column'],
    ['alter table booking alter column total type bigint', 'changes a type'],
    ['drop table booking', 'drops a table'],
    ['create unique index one on booking (x)', 'makes something unique']
  ])('is known: %s', (sql, what) => {
    expect(breaksIn(sql)).toEqual([expect.stringContaining(what) as string]);
  });

  it.each([
    'alter table booking add column x text',
    'alter table booking add column x integer not null default 0',
    'create table thing (id int primary key, x text not null); create unique index one on thing (x)',
    "comment on table booking is 'drop table'"
  ])('is not: %s', (sql) => {
    expect(breaksIn(sql)).toEqual([]);
  });
});

describe('the migrations', () => {
  it('are numbered, each number once', () => {
    const numbers = files.map((file) => /^(\d{4})_[a-z_]+\.sql$/.exec(file)?.[1]);
    expect(numbers).not.toContain(undefined);
    expect(new Set(numbers).size).toBe(files.length);
  });

  it.each(files.filter((file) => !(file in ALLOWED)))('%s lets old nodes go on', (file) => {
    expect(breaksIn(readFileSync(join(FOLDER, file), 'utf8'))).toEqual([]);
  });

  it.each(Object.keys(ALLOWED))('%s does not, and is listed', (file) => {
    expect(breaksIn(readFileSync(join(FOLDER, file), 'utf8'))).not.toEqual([]);
  });
});
