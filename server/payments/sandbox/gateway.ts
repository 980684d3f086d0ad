import { createHmac } from 'node:crypto';
import { z } from 'zod';
import { refuse } from '#domain/refusal.ts';
import type { Database } from '../../db/database.ts';
import { newId } from '../../ids.ts';
import { GatewayTrouble, type PaymentGateway } from '../gateway.ts';
import { createSandboxRefunds } from './refunds.ts';
import { signatureHolds, signBody, SIGNATURE_HEADER } from './signature.ts';

const message = z.object({
  id: z.string().min(1).max(100),
  ref: z.string().min(1).max(100),
  paymentId: z.uuid(),
  outcome: z.enum(['succeeded', 'declined']),
  amount: z.number().int(),
  currency: z.string().length(3)
});

interface SandboxRow {
  ref: string;
  payment_id: string;
  amount: number;
  currency: string;
  status: 'open' | 'succeeded' | 'declined';
}

/** What goes wrong with a refund, where a test wants it to. Only `lost` is done all the same: its answer never comes. */
export type RefundFault = 'lost' | 'away' | 'refused' | 'slow' | 'twice';

export interface SandboxGateway extends PaymentGateway {
  /** The person on its page has decided. The first decision stays; answers what stands in the books now. */
  decide(paymentId: string, outcome: 'succeeded' | 'declined'): Promise<'open' | 'succeeded' | 'declined' | null>;
  /** The signed message about a decided payment, or null while it is open. */
  message(paymentId: string): Promise<{ body: Buffer; headers: Record<string, string> } | null>;
}

/**
 * A gateway to try things with: no money moves, everything else is as with a real one. It keeps its own books
 * (sandbox_payment and, in refunds.ts, sandbox_refund), which nothing else reads or writes.
 */
export function createSandboxGateway(parts: {
  db: Database;
  secret: string;
  /** For tests: the fault of the n-th call (from 1) for a refund. */
  refundFault?: ((refundId: string, call: number) => RefundFault | undefined) | undefined;
}): SandboxGateway {
  const { db, secret } = parts;
  const refunds = createSandboxRefunds(db);
  const calls = new Map<string, number>();
  const key = createHmac('sha256', secret).update('sandbox webhook').digest();

  const find = async (column: 'ref' | 'payment_id', value: string) => {
    const found = await db.query<SandboxRow>(
      `select ref, payment_id, amount, currency, status from sandbox_payment where ${column} = $1`,
      [value]
    );
    return found.rows[0] ?? null;
  };

  return {
    name: 'sandbox',

    async create({ paymentId, amount, currency, returnUrl }) {
      await db.query(
        `insert into sandbox_payment (ref, payment_id, amount, currency, return_url) values ($1, $2, $3, $4, $5)
         on conflict (payment_id) do nothing`,
        [`sandbox_${newId()}`, paymentId, amount, currency, returnUrl]
      );
      const created = await find('payment_id', paymentId);
      if (!created) throw new Error('the sandbox has lost a payment');
      // A path, not an address: the page is on this very site, under whatever name the buyer reached it.
      return { ref: created.ref, redirectUrl: `/pay/${paymentId}` };
    },

    async verify(rawBody, headers) {
      if (!signatureHolds(key, rawBody, headers.get(SIGNATURE_HEADER)))
        return refuse('BAD_SIGNATURE', 'The signature does not fit the message.');
      const parsed = message.safeParse(parseJson(rawBody));
      return parsed.success ? parsed.data : refuse('INVALID', 'The message is signed, but cannot be read.');
    },

    async poll(ref) {
      const books = await find('ref', ref);
      if (!books) throw new Error(`the sandbox knows no payment ${ref}`);
      return books.status;
    },

    async refund(order) {
      const call = (calls.get(order.refundId) ?? 0) + 1;
      if (parts.refundFault) calls.set(order.refundId, call);
      const fault = parts.refundFault?.(order.refundId, call);
      if (fault === 'away') throw new GatewayTrouble('the gateway could not be reached');
      if (fault === 'refused' || fault === 'slow')
        return refunds.enter(order, fault === 'slow' ? 'pending' : 'refused');
      if (fault === 'twice') await Promise.all([refunds.enter(order, 'done'), refunds.enter(order, 'done')]);
      const answer = await refunds.enter(order, 'done');
      if (fault === 'lost') throw new GatewayTrouble('the gateway did not answer in time');
      return answer;
    },

    pollRefund: ({ refundId }) => refunds.look(refundId),

    async decide(paymentId, outcome) {
      await db.query(
        `update sandbox_payment set status = $2, decided_at = now() where payment_id = $1 and status = 'open'`,
        [paymentId, outcome]
      );
      return (await find('payment_id', paymentId))?.status ?? null;
    },

    async message(paymentId) {
      const books = await find('payment_id', paymentId);
      if (!books || books.status === 'open') return null;
      const { ref, amount, currency, status: outcome } = books;
      const body = Buffer.from(JSON.stringify({ id: `${ref}_${outcome}`, ref, paymentId, outcome, amount, currency }));
      return { body, headers: { 'content-type': 'application/json', [SIGNATURE_HEADER]: signBody(key, body) } };
    }
  };
}

function parseJson(rawBody: Buffer): unknown {
  try {
    return JSON.parse(rawBody.toString('utf8'));
  } catch {
    return undefined;
  }
}
