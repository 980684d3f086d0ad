import * as m from '#domain/messages/compiled/refusals.js';
import { dictionary } from '@zxcvbn-ts/language-common';
import { refuse, type Refusal } from '#domain/refusal.ts';

/**
 * Passwords that attackers try first: the 49,000 most common of known breaches, by the list of zxcvbn-ts. Looked up
 * here, so nobody's password (nor a part of its hash) is told to a service elsewhere.
 */
const COMMON = new Set(dictionary['passwords-common']);

/** INVALID for a password that would be guessed, because many have it or because it is the person's own address. */
export function guessable(password: string, email: string | null = null): Refusal | null {
  const plain = password.toLowerCase();
  const own = email !== null && [email.toLowerCase(), email.split('@')[0]?.toLowerCase()].includes(plain);
  if (!own && !COMMON.has(plain)) return null;
  const message = own ? 'is your e-mail address: choose another' : 'is one of the most common: choose another';
  return refuse('INVALID', m.guessable(), { errors: [{ path: 'password', message }] });
}
