import type { z } from 'zod';
import type { ProblemCode } from './problems.ts';

/** What is said of one call of the HTTP API. `GET /api/v1/openapi.json` is made of these and of nothing else. */

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/**
 * Who may call. `buyer`: a user, or a guest with a buyer token. `staff`: whoever has a door. `manager`: organizers for
 * what is theirs, and admins. `gateway`: who signs the body.
 */
export type Who = 'anyone' | 'buyer' | 'user' | 'staff' | 'manager' | 'admin' | 'gateway';

/** What is no JSON: its content types. */
export interface Raw {
  types: readonly string[];
  says: string;
}

/** A schema: JSON. Null: no body at all. */
export type Answer = z.ZodType | Raw | null;

export interface Operation {
  /** A verb and what it is about, unique: `holdSeats`. Generated clients name their functions after it. */
  id: string;
  /** The heading in Swagger UI that it stands under. */
  tag: string;
  /** In plain words, without a full stop. */
  summary: string;
  description?: string;
  who: Who;
  /** For parts of the address that are not simply an id. */
  params?: Readonly<Record<string, z.ZodType>>;
  query?: z.ZodType;
  /** The very schema that the route reads its body by. */
  body?: z.ZodType | Raw;
  /** A file of JSON that is checked elsewhere than in the route, such as in the thread for seating plans. */
  bodyReadElsewhere?: true;
  /** Whether an `Idempotency-Key` can or must be sent. */
  key?: 'optional' | 'required';
  /** Send `If-None-Match` with the ETag of an earlier answer to be told 304. */
  cached?: true;
  /** By status, those that are no problems. */
  answers: Readonly<Record<number, Answer>>;
  /** What whoever accepts that gets with 200 instead. */
  otherwise?: Raw;
  /** Refusals of this call, besides those that follow from who may call it and what it takes (openapi.ts). */
  refuses?: readonly ProblemCode[];
}

/** By method and path, as PROTOCOL has them: `'POST /shows/{id}/holds'`. */
export type Operations = Readonly<Record<`${Method} /${string}`, Operation>>;

export const isRaw = (answer: z.ZodType | Raw): answer is Raw => 'types' in answer;
export const isSchema = (given: z.ZodType | Raw | null | undefined): given is z.ZodType => !!given && !isRaw(given);
