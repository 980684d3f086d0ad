import { AsyncLocalStorage } from 'node:async_hooks';
import * as m from '#domain/messages/compiled/refusals.js';
import type { Language } from '#domain/language.ts';

/** Where src/lib/domain/language.ts looks: the pages and the server are two module graphs in one process. */
const SPEAKING = Symbol.for('fullhouse.language');

const known = Reflect.get(globalThis, SPEAKING) as AsyncLocalStorage<Language> | undefined;
const speaking = known ?? new AsyncLocalStorage<Language>();
Reflect.set(globalThis, SPEAKING, speaking);

/**
 * Whatever is said while `work` runs, and in all that it waits for, is said in that language: messages, refusals, dates,
 * numbers and money. A request, a command of a socket and a mail each begin with it.
 */
export const speak = <T>(language: Language, work: () => T): T => speaking.run(language, work);

/** `45 seconds`, `12 minutes`: how long somebody has to wait. */
export const waitInWords = (seconds: number): string =>
  seconds < 90 ? m.wait_seconds({ count: seconds }) : m.wait_minutes({ count: Math.ceil(seconds / 60) });
