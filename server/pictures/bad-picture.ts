import * as m from '#domain/messages/compiled/refusals_desk.js';
import { refuse } from '#domain/refusal.ts';

/** An upload that is none of the pictures we take: what a person reads, and what a program finds at the field. */
export const badPicture = (words: string, message: string) =>
  refuse('INVALID', words, { errors: [{ path: 'file', message }] });
export const damaged = () => badPicture(m.picture_damaged(), 'is damaged');
