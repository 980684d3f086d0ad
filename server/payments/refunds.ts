import { faultPoint } from '../booking/fault-points.ts';
import { settleRefund } from '../booking/give-back.ts';
import { withRetry } from '../booking/transactions.ts';
import type { Database } from '../db/database.ts';
import type { Logger } from '../log.ts';
import { GatewayTrouble, type PaymentGateway } from './gateway.ts';

/** A gateway that said no this often is not asked again until somebody wants it to be. */
const REFUSALS = 5;
/** The pause before the next try doubles, up to this (ms). */
const LONGEST_PAUSE_MS = 600_000;
const PORTION = 200;
const AT_ONCE = 8;

interface Claimed {
  id: string;
  amount: number;
  currency: string;
  attempts: number;
  gateway: string;
  gateway_ref: string | null;
  payment_id: string;
}

/**
 * Brings refunds that are written down to the gateway, until it says that they are done. Nothing is kept in memory:
 * the row says when it is asked next, so whoever comes after a crash goes on.
 */
export function createRefunds(parts: {
  db: Database;
  gateways: ReadonlyMap<string, PaymentGateway>;
  log: Logger;
  /** The first pause (ms) before a refund is tried again. */
  pauseMs: number;
}) {
  const { db, gateways, log, pauseMs } = parts;

  /** One try at a time: claiming moves the next one into the future. */
  async function claim(id: string): Promise<Claimed | undefined> {
    const claimed = await db.query<Claimed>(
      `update refund r set attempts = r.attempts + 1,
              next_at = now() + make_interval(secs => least($2 * power(2, least(r.attempts, 20)), $3) / 1000)
         from payment p
        where r.id = $1 and p.id = r.payment_id and r.status = 'PENDING' and r.next_at <= now()
       returning r.id, r.amount, r.currency, r.attempts, r.payment_id, p.gateway, p.gateway_ref`,
      [id, pauseMs, LONGEST_PAUSE_MS]
    );
    return claimed.rows[0];
  }

  async function ask({ id, amount, currency, attempts, gateway: name, gateway_ref: ref }: Claimed) {
    const gateway = gateways.get(name);
    if (!gateway) throw new Error(`no gateway is called ${name}`);
    if (ref === null) throw new Error('the gateway’s id of the payment is not known');
    // The answer to an earlier try may have been lost: its books are asked before it is told again.
    const known = attempts > 1 ? await gateway.pollRefund({ refundId: id, ref }) : 'unknown';
    if (known === 'done' || known === 'pending') return known;
    return gateway.refund({ refundId: id, ref, amount, currency });
  }

  /** Tries once if it is time to. Trouble is written down, and the poller tries again. */
  async function send(id: string): Promise<boolean> {
    const refund = await claim(id);
    if (!refund) return false;
    faultPoint('refund:after-claim');
    let answer: 'done' | 'pending' | 'refused';
    try {
      answer = await ask(refund);
    } catch (error) {
      log.warn(
        { err: error, refundId: id, attempts: refund.attempts },
        'a refund is not known to be done; it is asked again'
      );
      const words =
        error instanceof GatewayTrouble ? error.message : 'Something went wrong on our side. The log says what.';
      await db.query(`update refund set error = $2 where id = $1 and status = 'PENDING'`, [id, words.slice(0, 300)]);
      return false;
    }
    faultPoint('refund:after-gateway');
    if (answer === 'refused') await refused(id);
    if (answer !== 'done') return false;
    await withRetry(db, (sql) => settleRefund(sql, id));
    faultPoint('refund:after-settle');
    log.info({ refundId: id }, 'refunded');
    return true;
  }

  async function refused(id: string): Promise<void> {
    const found = await db.query<{ status: string; refusals: number }>(
      `update refund set refusals = refusals + 1, error = 'the gateway refused',
              status = case when refusals + 1 >= $2 then 'FAILED' else status end
        where id = $1 and status = 'PENDING' returning status, refusals`,
      [id, REFUSALS]
    );
    const [refund] = found.rows;
    if (refund?.status === 'FAILED') log.error({ refundId: id }, 'a refund has failed: somebody must look at it');
    else log.warn({ refundId: id, refusals: refund?.refusals }, 'the gateway refused a refund; it is asked again');
  }

  return {
    send,
    /** Tries all refunds whose time has come; answers how many were done. */
    async poll(): Promise<number> {
      const due = await db.query<{ id: string }>(
        `select id from refund where status = 'PENDING' and next_at <= now() order by next_at limit ${PORTION}`
      );
      let done = 0;
      for (let at = 0; at < due.rows.length; at += AT_ONCE) {
        const tried = await Promise.all(due.rows.slice(at, at + AT_ONCE).map(({ id }) => send(id)));
        done += tried.filter(Boolean).length;
      }
      return done;
    }
  };
}
