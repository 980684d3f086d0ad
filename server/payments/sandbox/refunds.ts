import type { Database } from '../../db/database.ts';
import type { GatewayRefund } from '../gateway.ts';

type Answer = 'done' | 'pending' | 'refused';

/** The part of the sandbox's books about money that went back. */
export function createSandboxRefunds(db: Database) {
  return {
    /**
     * Enters a refund unless it is there; one that was refused may be asked for again, one that is pending gets done.
     * Refuses what was not paid, or more than was.
     */
    enter: (order: GatewayRefund, wanted: Answer): Promise<Answer> =>
      db.transaction(async (sql) => {
        const paid = await sql.query<{ amount: number; currency: string }>(
          `select amount, currency from sandbox_payment where ref = $1 and status = 'succeeded' for update`,
          [order.ref]
        );
        const [payment] = paid.rows;
        if (!payment || payment.currency !== order.currency) return 'refused';
        const others = await sql.query<{ given: number }>(
          `select coalesce(sum(amount), 0)::bigint as given from sandbox_refund
            where ref = $1 and refund_id <> $2 and status <> 'refused'`,
          [order.ref, order.refundId]
        );
        const fits = (others.rows[0]?.given ?? 0) + order.amount <= payment.amount;
        const entered = await sql.query<{ status: Answer; amount: number }>(
          `insert into sandbox_refund (refund_id, ref, amount, currency, status) values ($1, $2, $3, $4, $5)
           on conflict (refund_id) do update set calls = sandbox_refund.calls + 1,
             status = case when sandbox_refund.status = 'done' then 'done' else excluded.status end
           returning status, amount`,
          [order.refundId, order.ref, order.amount, order.currency, fits ? wanted : 'refused']
        );
        const [row] = entered.rows;
        if (!row || row.amount !== order.amount) throw new Error('one refund id was used for two amounts');
        return row.status;
      }),

    /** What was pending is answered as such once more, and is done from then on. */
    async look(refundId: string): Promise<Answer | 'unknown'> {
      const found = await db.query<{ status: Answer }>('select status from sandbox_refund where refund_id = $1', [
        refundId
      ]);
      await db.query(`update sandbox_refund set status = 'done' where refund_id = $1 and status = 'pending'`, [
        refundId
      ]);
      return found.rows[0]?.status ?? 'unknown';
    }
  };
}
