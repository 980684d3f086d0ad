import * as m from './messages/compiled/kept_words.js';
import { englishAgain } from './english-again.ts';

const again = englishAgain(m);

/**
 * Sentences of ours that are kept in the database: why a mail, a message or a refund has not arrived, and why money went
 * back by itself. They are kept in English, whoever reads them later, and said here in the reader's language. What a
 * server of others said stays as it said it, and is quoted. A reason that a person typed is theirs, and stays.
 */
export const keptInWords = (kept: string): string => again(kept) ?? kept;
