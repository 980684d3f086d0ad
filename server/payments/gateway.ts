import type { Refusal } from '#domain/refusal.ts';

/** What a gateway tells us about a payment, once its message has been proved to be its own. */
export interface GatewayEvent {
  /** The gateway's id of this message: the same message may come many times. */
  id: string;
  ref: string;
  paymentId: string;
  outcome: 'succeeded' | 'declined';
  amount: number;
  currency: string;
}

export interface GatewayOrder {
  paymentId: string;
  /** Minor units. */
  amount: number;
  currency: string;
  returnUrl: string;
  description: string;
}

/** Money that goes back, of a payment that succeeded. */
export interface GatewayRefund {
  refundId: string;
  /** The gateway's id of the payment. */
  ref: string;
  /** Minor units. */
  amount: number;
  currency: string;
}

/** Why the answer is not known, in words that are kept with the refund (src/lib/domain/kept-words.ts says them in each language). */
export class GatewayTrouble extends Error {}

/** One way to be paid. Amounts are minor units. */
export interface PaymentGateway {
  readonly name: string;
  /** Opens a payment at the gateway. Again for the same payment id: the same answer, and no second payment. */
  create(order: GatewayOrder): Promise<{ ref: string; redirectUrl: string }>;
  /** Reads a message, on the bytes as they came; null: it is proved, and no news for us. Refuses BAD_SIGNATURE, INVALID. */
  verify(rawBody: Buffer, headers: Headers): Promise<GatewayEvent | null | Refusal>;
  /** What the gateway's own books say: the truth, of which its messages are hints. */
  poll(ref: string): Promise<'open' | 'succeeded' | 'declined'>;
  /**
   * Gives money back. Again for the same refund id: the same answer, and the money goes back once. `pending`: it will
   * be done. Throws when the answer is not known: it may have been done.
   */
  refund(order: GatewayRefund): Promise<'done' | 'pending' | 'refused'>;
  /** What the gateway's own books say of a refund; `unknown` when they have never heard of it. */
  pollRefund(order: Pick<GatewayRefund, 'refundId' | 'ref'>): Promise<'done' | 'pending' | 'refused' | 'unknown'>;
}
