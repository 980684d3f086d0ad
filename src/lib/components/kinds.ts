import type { EventKind } from '#domain/protocol.ts';
import * as m from '#domain/messages/compiled/events.js';

const WORDS: Record<EventKind, () => string> = {
  ...{ movie: m.kind_movie, concert: m.kind_concert, theatre: m.kind_theatre, sport: m.kind_sport },
  other: m.kind_other
};

/** In the words of the reader. */
export const kindInWords = (kind: EventKind): string => WORDS[kind]();
export const KINDS = Object.keys(WORDS) as EventKind[];
