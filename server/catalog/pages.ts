import type { Sql } from '../db/database.ts';
import { decodeCursor, toPage } from './cursor.ts';

/** One page of a list, where the next one starts, and how many rows there are in all. */
export interface Page<Row> {
  items: Row[];
  next: string | null;
  total: number;
}

/** A list in SQL; `where` speaks of `values` as $1, $2 …, `key` is text that sorts as the list does. */
interface Listing {
  columns: string;
  from: string;
  where: string;
  values: readonly unknown[];
  key: string;
  order: 'asc' | 'desc';
  id: string;
}

/** How the lists of the desk are read: all alike, so that paging by cursor is written once. */
export async function readPage<Row extends { id: string }>(
  sql: Sql,
  { columns, from, where, values, key, order, id }: Listing,
  query: { cursor?: string | undefined; limit: number }
): Promise<Page<Row>> {
  const after = decodeCursor(query.cursor);
  const n = values.length;
  const [{ rows }, counted] = await Promise.all([
    sql.query<Row & { key: string }>(
      `select ${columns}, ${key} as key from ${from}
        where ${where} and ($${n + 1}::text is null or (${key}, ${id}) ${order === 'asc' ? '>' : '<'} ($${n + 1}, $${n + 2}))
        order by key ${order}, ${id} ${order} limit $${n + 3}`,
      [...values, after?.[0] ?? null, after?.[1] ?? null, query.limit + 1]
    ),
    sql.query<{ total: number }>(`select count(*) as total from ${from} where ${where}`, [...values])
  ]);
  const page = toPage(rows, query.limit);
  // A row is what it was asked as, without the key that it was sorted by.
  const items = page.rows.map(({ key: _, ...row }) => row as unknown as Row);
  return { items, next: page.next, total: counted.rows[0]?.total ?? 0 };
}
