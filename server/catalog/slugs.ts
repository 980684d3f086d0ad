import type { Sql } from '../db/database.ts';
import { newId } from '../ids.ts';

const TRIES = 6;

/**
 * Inserts a row under a slug that nobody has: `hamlet`, else `hamlet-2` and so on, else one with random letters.
 * The statement must end in `on conflict (slug) do nothing`, so that two at once cannot both get the same.
 */
export async function insertWithSlug(
  sql: Sql,
  wanted: string,
  statement: (slug: string) => [text: string, values: unknown[]]
): Promise<void> {
  for (let n = 1; n <= TRIES; n++) {
    const slug = n === 1 ? wanted : `${wanted}-${n < TRIES ? n : newId()}`;
    const [text, values] = statement(slug);
    const inserted = await sql.query(text, values);
    if (inserted.rowCount === 1) return;
  }
  throw new Error(`no slug was left for ${wanted}`);
}
