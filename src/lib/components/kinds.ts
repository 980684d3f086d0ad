import type { EventKind } from '#domain/protocol.ts';
import * as m from '#domain/messages/compiled/events.js';

/** Kinds of events in the words of the desk. */
export const KIND_WORDS: Record<EventKind, string> = {
  movie: 'Film',
  concert: 'Concert',
  theatre: 'Theatre',
  sport: 'Sport',
  other: 'Stage'
};

const WORDS: Record<EventKind, () => string> = {
  ...{ movie: m.kind_movie, concert: m.kind_concert, theatre: m.kind_theatre, sport: m.kind_sport },
  other: m.kind_other
};

/** In the words of a visitor. */
export const kindInWords = (kind: EventKind): string => WORDS[kind]();
export const KINDS = Object.keys(WORDS) as EventKind[];
