import { createHash, createHmac, timingSafeEqual } from 'node:crypto';

/**
 * What the QR code of a ticket says: `FH1.<key id>.<ticket id>.<signature>`. A ticket cannot be guessed
 * (its id is random) nor altered (HMAC-SHA256, of which 128 bits are kept: a smaller code is read faster at
 * the door). The key id lets the secret be changed while codes of the old one are still in people's pockets.
 */
const VERSION = 'FH1';
const SIGNATURE_BYTES = 16;
const SHAPE = /^FH1\.[\w-]{4}\.([\w-]{22})\.[\w-]{22}$/;

export interface TicketCodes {
  sign(ticketId: string): string;
  /** The ticket's id, or null when the code was not made with one of our keys. */
  verify(code: string): string | null;
}

/** Signs with the first secret and accepts codes of all of them. */
export function createTicketCodes(secrets: readonly [string, ...string[]]): TicketCodes {
  const keys = secrets.map((secret) => {
    const key = createHmac('sha256', secret).update('ticket code').digest();
    return { id: createHash('sha256').update(key).digest('base64url').slice(0, 4), key };
  });
  const [current] = keys;
  if (!current) throw new Error('ticket codes need a secret');

  const codeOf = (ticketId: string, { id, key }: (typeof keys)[number]) => {
    const body = `${VERSION}.${id}.${Buffer.from(ticketId.replaceAll('-', ''), 'hex').toString('base64url')}`;
    const mac = createHmac('sha256', key).update(body).digest().subarray(0, SIGNATURE_BYTES);
    return `${body}.${mac.toString('base64url')}`;
  };

  return {
    sign: (ticketId) => codeOf(ticketId, current),
    verify(code) {
      const packed = SHAPE.exec(code)?.[1];
      if (packed === undefined) return null;
      const hex = Buffer.from(packed, 'base64url').toString('hex');
      const ticketId = hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
      const given = Buffer.from(code);
      // Whole codes are compared, not decoded signatures: base64 has several spellings of the same bytes.
      const matches = keys.map((key) => {
        const made = Buffer.from(codeOf(ticketId, key));
        return made.length === given.length && timingSafeEqual(made, given);
      });
      return matches.includes(true) ? ticketId : null;
    }
  };
}
