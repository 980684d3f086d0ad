import * as m from './messages/compiled/not_found.js';
import { refuse } from './refusal.ts';

/** What can be asked for and not be there. */
export type Thing = keyof typeof m;

/** The "no" to whoever asks for what is not there, or is not theirs to know of. */
export const notFound = (what: Thing) => refuse('NOT_FOUND', m[what]());
