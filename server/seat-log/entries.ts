import type { LogEntry } from '../seats/fold.ts';
import { parseEntry } from '../seats/fold.ts';

/** An entry as the stream has it, with the map that an epoch begins with. */
export interface StreamEntry extends LogEntry {
  /** By Redis' clock, ms since 1970. */
  at: number;
  /** As change.lua wrote it: tells it from another entry of the same version. */
  text: string;
  begins: { map: Buffer; capacity: number; plan: string } | null;
}

/** What XRANGE answers when it is asked for bytes: [id, [field, value, field, value, …]]. */
export function readStreamEntry([id, fields]: [Buffer, Buffer[]]): StreamEntry {
  const named = new Map<string, Buffer>();
  for (let n = 0; n + 1 < fields.length; n += 2) named.set(String(fields[n]), fields[n + 1] ?? Buffer.alloc(0));
  const text = String(named.get('e') ?? '');
  const map = named.get('map');
  return {
    ...parseEntry([String(id), ['e', text]]),
    at: Number(text.slice(text.lastIndexOf(' ') + 1)),
    text,
    begins: map ? { map, capacity: Number(named.get('capacity')), plan: String(named.get('plan') ?? '') } : null
  };
}
