/** So many rows are in memory at a time. */
export const ROWS_PER_PORTION = 1000;

/**
 * All rows of a list, a portion after the other: `read` answers those that come after `after`. Each is a query of its
 * own, so a client that takes a file slowly keeps no connection and no transaction open; what is added meanwhile may
 * come at the end. When the reader stops, no further query is made.
 */
export async function* portions<R, K>(
  first: K,
  keyOf: (row: R) => K,
  read: (after: K, limit: number) => Promise<R[]>
): AsyncGenerator<readonly R[]> {
  let after = first;
  for (;;) {
    const rows = await read(after, ROWS_PER_PORTION);
    if (rows.length > 0) yield rows;
    const last = rows.at(-1);
    if (last === undefined || rows.length < ROWS_PER_PORTION) return;
    after = keyOf(last);
  }
}
