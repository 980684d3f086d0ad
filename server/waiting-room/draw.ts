import { createHash, createHmac, randomBytes } from 'node:crypto';
import type { BuyerId, ShowId } from '#domain/ids.ts';

/**
 * The draw: places by chance, which anybody can compute again once the seed is public. static/verify-draw.mjs does, and
 * shares no code with this. The hash of the list is in every key, so the list cannot be changed for one without changing
 * the places of all.
 */
export interface Seed {
  seed: Buffer;
  /** Published at once. */
  commitment: string;
}

export function newSeed(): Seed {
  const seed = randomBytes(32);
  return { seed, commitment: createHash('sha256').update(seed).digest('hex') };
}

/** SHA-256 over the tickets, ascending, with line feeds between. */
export const hashOfList = (tickets: readonly string[]): string =>
  createHash('sha256')
    .update([...tickets].sort().join('\n'))
    .digest('hex');

/** The tickets in the order of their places, the first first. */
export function drawOrder(seed: Buffer, tickets: readonly string[]): string[] {
  const list = hashOfList(tickets);
  return tickets
    .map((ticket) => ({ ticket, key: createHmac('sha256', seed).update(`${list}:${ticket}`).digest('hex') }))
    .sort((a, b) => (a.key < b.key || (a.key === b.key && a.ticket < b.ticket) ? -1 : 1))
    .map(({ ticket }) => ticket);
}

/**
 * The ticket of a buyer: always the same, so that nobody can try again for a better one, and who comes back after Redis
 * has lost the room has it still. Nothing can be told from it about the buyer.
 */
export function createTickets(secret: string) {
  const key = createHmac('sha256', secret).update('waiting room').digest();
  return (show: ShowId, buyer: BuyerId): string =>
    createHmac('sha256', key).update(`${show}/${buyer}`).digest('hex').slice(0, 20);
}
