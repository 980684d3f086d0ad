import type { EventKind } from '#domain/protocol.ts';

/** Kinds of events in the words of a visitor. */
export const KIND_WORDS: Record<EventKind, string> = {
  movie: 'Film',
  concert: 'Concert',
  theatre: 'Theatre',
  sport: 'Sport',
  other: 'Stage'
};
