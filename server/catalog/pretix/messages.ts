import type { Repair } from '#domain/pretix/read.ts';

/** What the thread that reads and writes files is asked, and what it says. Bytes are handed over, not copied. */
export type FileTask =
  | { kind: 'read'; file: Uint8Array; supplement: Uint8Array | null }
  | { kind: 'write'; geometry: string; part: 'plan' | 'supplement' };

export interface ReadPlan {
  kind: 'read';
  name: string;
  capacity: number;
  seats: number;
  /** The plan as JSON, ready to be stored. */
  geometry: Uint8Array;
  /** Label, short name and tier of every place by index, in portions of JSON. */
  names: { from: number; json: Uint8Array }[];
  repairs: Repair[];
}

export interface WrittenFile {
  kind: 'written';
  json: Uint8Array;
}

export interface Refused {
  kind: 'refused';
  message: string;
  details: Record<string, unknown>;
}

export type FileMessage = ReadPlan | WrittenFile | Refused | { kind: 'progress'; seats: number };
