import { z } from 'zod';

/** Cursors name the last row of a page, not a position: what is added meanwhile neither repeats nor hides a row. */
// Postgres has no text with a zero byte in it.
const word = z.string().regex(/^[^\0]*$/);
const shape = z.tuple([word, word]);

/** A cursor we did not make starts at the beginning: there is nothing to leak or to break. */
export function decodeCursor(cursor: string | undefined): [string, string] | null {
  if (cursor === undefined) return null;
  try {
    const parsed = shape.safeParse(JSON.parse(Buffer.from(cursor, 'base64url').toString()));
    return parsed.success ? parsed.data : null;
  } catch {
    return null;
  }
}

const encode = (key: string, id: string) => Buffer.from(JSON.stringify([key, id])).toString('base64url');

/** Of up to `limit` + 1 rows: the page, and where the next one starts. */
export function toPage<Row extends { key: string; id: string }>(rows: readonly Row[], limit: number) {
  const page = rows.slice(0, limit);
  const last = page.at(-1);
  return { rows: page, next: rows.length > limit && last ? encode(last.key, last.id) : null };
}

/** `%` and `_` mean themselves in what a person types. */
export const pattern = (words: string | undefined) => (words ? `%${words.replaceAll(/[\\%_]/g, '\\$&')}%` : null);

/** A moment as text that sorts like it. */
export const sortable = (moment: string) => `to_char(${moment} at time zone 'UTC', 'YYYYMMDDHH24MISSUS')`;
