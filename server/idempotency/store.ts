import type { BuyerId } from '#domain/ids.ts';

/** An answer of HTTP, to be given once more. */
export interface KeptAnswer {
  status: number;
  contentType: string | null;
  body: string;
}

/** Who asked for what under which key: nobody finds another's answer, whatever keys they choose. */
export interface OnceRequest {
  caller: BuyerId;
  key: string;
  /** Of everything that was asked for. */
  hash: string;
}

/** `ours`: to be worked on by whoever was told so, under that lease. `busy`: somebody else is at it. */
export type Begun =
  | { state: 'ours'; lease: string }
  | { state: 'busy' }
  | { state: 'otherwise' }
  | { state: 'answered'; answer: KeptAnswer };

/** Where it is remembered what has been answered. */
export interface OnceStore {
  begin(request: OnceRequest): Promise<Begun>;
  finish(request: OnceRequest, lease: string, answer: KeptAnswer): Promise<void>;
  /** Nothing was decided: the next one may try. */
  abandon(request: OnceRequest, lease: string): Promise<void>;
}

/** Longer than any call takes; after it whoever began is held to be dead (ms). */
export const LEASE_MS = 60_000;
