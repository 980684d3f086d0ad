import type { Language } from '#domain/language.ts';
import type { HallSize } from '#domain/generate-plan.ts';
import type { PlanDifference } from '#domain/plan-draft/difference.ts';
import type { PlanTier } from '#domain/plan.ts';
import type { Repair } from '#domain/pretix/read.ts';

/** What the thread for seating plans is asked, and what it says. Bytes are handed over, not copied. */
export interface Tasks {
  /** A file of pretix as a plan or as a draft. */
  read: { ask: { file: Uint8Array; supplement: Uint8Array | null; draft: boolean }; answer: ReadFile };
  /** A plan (or a draft) as a file of pretix. */
  write: { ask: { stored: StoredPlan; part: 'plan' | 'supplement' }; answer: { json: Uint8Array } };
  generate: { ask: { size: HallSize; name: string }; answer: PublishedPlan };
  /** A body with a draft, checked. */
  save: { ask: { body: Uint8Array }; answer: { version: number; draft: DraftContent } };
  /** A stored draft as the plan it becomes; refused with its problems. */
  publish: { ask: { stored: StoredPlan }; answer: PublishedPlan };
  /** A draft with what is stored of a plan, under this name. */
  draft: { ask: { stored: StoredPlan; name: string }; answer: DraftContent };
  compare: { ask: { before: string; after: string }; answer: Comparison };
}
export type TaskKind = keyof Tasks;
export type Task<K extends TaskKind = TaskKind> = { [Kind in K]: { kind: Kind } & Tasks[Kind]['ask'] }[K];
/** What a thread begins with; what it says, it says to whoever asked. */
export interface Start {
  task: Task;
  language: Language;
}
export type Answer<K extends TaskKind = TaskKind> = Tasks[K]['answer'];

/** JSON as it lies in the database: a PlanDraft, or a Plan where there is none. */
export type StoredPlan = { draft: string } | { geometry: string };

export interface PublishedPlan {
  name: string;
  capacity: number;
  seats: number;
  tiers: PlanTier[];
  /** The plan as JSON, ready to be stored. */
  geometry: Uint8Array;
  /** Label, short name and tier of every place by index, in portions of JSON. */
  names: { from: number; json: Uint8Array }[];
}

export interface DraftContent {
  name: string;
  /** Places. */
  capacity: number;
  seats: number;
  tiers: PlanTier[];
  /** The draft as JSON, ready to be stored. */
  json: Uint8Array;
}

export interface ReadFile {
  plan: { kind: 'published'; content: PublishedPlan } | { kind: 'draft'; content: DraftContent };
  repairs: Repair[];
}

export interface Comparison {
  /** Old index → new index, or −1. */
  mapping: Int32Array;
  /** Old indexes of places that stay, but under another name. */
  renamed: Int32Array;
  difference: ShownDifference;
}

/** Each list with how many places it is about; only the first of them by name. */
export type ShownDifference = {
  [Key in keyof PlanDifference]: { places: number; list: PlanDifference[Key] };
};

export type Message =
  | { kind: 'done'; answer: Answer }
  | { kind: 'refused'; message: string; details: Record<string, unknown> }
  | { kind: 'progress'; seats: number };
