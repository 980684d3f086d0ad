import { randomUUID } from 'node:crypto';
import type { Database } from '../db/database.ts';
import { LEASE_MS, type OnceStore } from './store.ts';

interface Row {
  request_hash: string;
  status: number | null;
  content_type: string | null;
  body: string | null;
}

/** For what moves money: what Redis may lose, this must not. */
export const inPostgres = (db: Database): OnceStore => ({
  async begin({ caller, key, hash }) {
    const lease = randomUUID();
    const until = `now() + ${LEASE_MS} * interval '1 millisecond'`;
    const taken = await db.query(
      `insert into idempotent_request as r (caller, key, request_hash, lease, leased_until) values ($1, $2, $3, $4, ${until})
       on conflict (caller, key) do update set lease = $4, leased_until = ${until}
        where r.request_hash = $3 and r.status is null and r.leased_until < now()`,
      [caller, key, hash, lease]
    );
    if (taken.rowCount === 1) return { state: 'ours', lease };
    const found = await db.query<Row>(
      'select request_hash, status, content_type, body from idempotent_request where caller = $1 and key = $2',
      [caller, key]
    );
    const [row] = found.rows;
    // Given up in this very moment: to be begun once more.
    if (!row) return { state: 'busy' };
    if (row.request_hash !== hash) return { state: 'otherwise' };
    if (row.status === null || row.body === null) return { state: 'busy' };
    return { state: 'answered', answer: { status: row.status, contentType: row.content_type, body: row.body } };
  },

  async finish({ caller, key }, lease, { status, contentType, body }) {
    await db.query(
      `update idempotent_request set status = $4, content_type = $5, body = $6
        where caller = $1 and key = $2 and lease = $3 and status is null`,
      [caller, key, lease, status, contentType, body]
    );
  },

  async abandon({ caller, key }, lease) {
    await db.query('delete from idempotent_request where caller = $1 and key = $2 and lease = $3 and status is null', [
      caller,
      key,
      lease
    ]);
  }
});
