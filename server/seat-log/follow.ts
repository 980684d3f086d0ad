import type { ShowId } from '#domain/ids.ts';
import type { StreamEntry } from './entries.ts';

/** How far a show's log is kept: its latest epoch there. */
export interface Kept {
  epoch: number;
  version: number;
  /** The text of the last kept entry. */
  last: string;
  at: number;
  ended: boolean;
}

/** Entries that are missing. `to` is null where nobody can know how many they were. */
export interface Gap {
  epoch: number;
  from: number;
  to: number | null;
  /** trimmed: the stream was too long for Redis; lost: Redis lost it; went-back: Redis forgot the last of its changes. */
  reason: 'trimmed' | 'lost' | 'went-back';
}

/** What the entries add to an epoch's run. */
export interface RunPart {
  epoch: number;
  /** The map at the run's beginning; null where the run was known before, or its beginning is missing. */
  begins: StreamEntry['begins'];
  fresh: boolean;
  /** The map is not known since a gap. */
  broken: boolean;
  first: StreamEntry;
  last: StreamEntry;
  ended: boolean;
}

export interface Followed {
  entries: StreamEntry[];
  runs: RunPart[];
  gaps: Gap[];
}

/**
 * What follows `kept` in the stream, with every place written down at which something is missing. `read` begins with the
 * last kept entry itself, where the stream still has it, and 'went-back' says that it is not the one that was kept: then
 * Redis has lost changes (a failover, a restart) and given their versions to others.
 */
export function follow(
  kept: Kept | null,
  read: readonly StreamEntry[],
  newest: StreamId | null
): Followed | 'went-back' {
  let entries = read;
  const [first] = read;
  if (kept) {
    if (!first && newest && isBefore(newest, kept)) return 'went-back';
    if (first && first.epoch === kept.epoch && first.version === kept.version) {
      if (first.text !== kept.last) return 'went-back';
      entries = read.slice(1);
    }
  }
  const runs: RunPart[] = [];
  const gaps: Gap[] = [];
  let at = kept ? { epoch: kept.epoch, version: kept.version, ended: kept.ended } : null;
  for (const entry of entries) {
    let run = runs.at(-1);
    const same = at?.epoch === entry.epoch;
    const next = same && at ? at.version + 1 : 0;
    if (!same && at && !at.ended) gaps.push({ epoch: at.epoch, from: at.version + 1, to: null, reason: 'lost' });
    const missing = entry.version > next || (!same && entry.begins === null);
    if (missing)
      gaps.push({ epoch: entry.epoch, from: next, to: Math.max(next, entry.version - 1), reason: 'trimmed' });
    const ended = entry.cause === 'end';
    if (!same || !run) {
      const begins = same ? null : entry.begins;
      run = { epoch: entry.epoch, begins, fresh: !same, broken: missing, first: entry, last: entry, ended };
      runs.push(run);
    }
    Object.assign(run, { last: entry, ended, broken: run.broken || missing });
    at = { epoch: entry.epoch, version: entry.version, ended };
  }
  return { entries: [...entries], runs, gaps };
}

export interface StreamId {
  epoch: number;
  version: number;
}

const isBefore = (a: StreamId, b: StreamId) => a.epoch < b.epoch || (a.epoch === b.epoch && a.version < b.version);

export const streamId = (text: string): StreamId => {
  const [epoch = 0, version = 0] = text.split('-').map(Number);
  return { epoch, version };
};

/** A show's part of a batch. */
export interface ShowPart extends Followed {
  show: ShowId;
}
