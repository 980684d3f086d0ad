import * as m from '#domain/messages/compiled/refusals_desk.js';
import { type z } from 'zod';
import { generatePlan } from '#domain/generate-plan.ts';
import { compilePlan } from '#domain/plan-draft/compile.ts';
import { planDifference, seatMapping, type NamedPlace } from '#domain/plan-draft/difference.ts';
import { draftBody, planDraft, type PlanDraft } from '#domain/plan-draft/draft.ts';
import { draftFrom } from '#domain/plan-draft/from-plan.ts';
import { draftProblems, hasErrors } from '#domain/plan-draft/problems.ts';
import { nameSeats, type Plan } from '#domain/plan.ts';
import { parseJson, readPretix } from '#domain/pretix/read.ts';
import { writePretix } from '#domain/pretix/write.ts';
import { isRefusal, refuse, type Refusal } from '#domain/refusal.ts';
import type {
  Comparison,
  DraftContent,
  PublishedPlan,
  ShownDifference,
  StoredPlan,
  Task,
  Tasks,
  TaskKind
} from './messages.ts';

/** The work on whole seating plans: pure, and as heavy as the plan is large. See thread.ts for where it runs. */
type Work = { [K in TaskKind]: (task: Task<K>, onSeats: (seats: number) => void) => Tasks[K]['answer'] | Refusal };

const NAMES_PER_PORTION = 5000;
/** Nobody reads more of a list than this. */
const PLACES_SHOWN = 200;
const ERRORS_TOLD = 100;

/** In memory of its own: a small Buffer shares its memory with others, which would be handed over with it. */
const bytes = (value: unknown) => new TextEncoder().encode(JSON.stringify(value));
const textOf = (file: Uint8Array) => new TextDecoder().decode(file);

const work: Work = {
  read({ file, supplement, draft }, onSeats) {
    const [parsed, other] = [parseJson(textOf(file)), supplement && parseJson(textOf(supplement), 'supplement')];
    if (isRefusal(parsed)) return parsed;
    if (isRefusal(other)) return other;
    const body = split(parsed.json);
    const result = readPretix(body.file, { supplement: other ? other.json : body.supplement, onSeats });
    if (isRefusal(result)) return result;
    const { plan, repairs } = result;
    if (!draft) return { plan: { kind: 'published', content: published(plan) }, repairs };
    const checked = planDraft.safeParse(draftFrom(plan));
    if (!checked.success) return invalid(checked.error);
    return { plan: { kind: 'draft', content: drafted(checked.data) }, repairs };
  },

  write({ stored, part }) {
    const written = writePretix('draft' in stored ? compilePlan(draftOf(stored)) : planOf(stored.geometry));
    return { json: bytes(part === 'plan' ? written.pretix : written.supplement) };
  },

  generate: ({ size, name }) => published({ ...generatePlan(size), name }),

  save({ body }) {
    const parsed = parseJson(textOf(body));
    if (isRefusal(parsed)) return parsed;
    const checked = draftBody.safeParse(parsed.json);
    if (!checked.success) return invalid(checked.error);
    return { version: checked.data.version, draft: drafted(checked.data.draft) };
  },

  publish({ stored }) {
    const draft = draftOf(stored);
    const problems = draftProblems(draft);
    if (!hasErrors(problems)) return published(compilePlan(draft));
    const errors = problems.filter(({ level }) => level === 'error').map(({ message }) => ({ path: 'draft', message }));
    return refuse('INVALID', m.cannot_publish(), { errors, problems });
  },

  draft: ({ stored, name }) => drafted({ ...draftOf(stored), name }),

  compare({ before, after }) {
    const [was, is] = [planOf(before), planOf(after)];
    const mapping = seatMapping(was, is);
    const [oldNames, newNames] = [nameSeats(was), nameSeats(is)];
    const renamed = Int32Array.from(mapping.keys()).filter((old) => {
      const now = mapping[old] ?? -1;
      return now >= 0 && oldNames[old]?.label !== newNames[now]?.label;
    });
    return { mapping, renamed, difference: shown(planDifference(was, is)) } satisfies Comparison;
  }
};

/** Does the task, here and now. */
export const doTask = <K extends TaskKind>(
  task: Task<K>,
  onSeats: (seats: number) => void = () => undefined
): Tasks[K]['answer'] | Refusal => (work[task.kind as K] as Work[K])(task, onSeats);

const invalid = (error: z.ZodError) =>
  refuse('INVALID', m.not_valid(), {
    errors: error.issues.slice(0, ERRORS_TOLD).map(({ path, message }) => ({ path: path.join('.'), message }))
  });

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;

/** A body is the file itself, or `{ plan, supplement }` with both files of an export. */
function split(json: unknown): { file: unknown; supplement: unknown } {
  if (isObject(json) && !('zones' in json) && 'plan' in json) {
    return { file: json['plan'], supplement: json['supplement'] };
  }
  return { file: json, supplement: undefined };
}

// Stored by us, and checked when they were.
const planOf = (geometry: string) => JSON.parse(geometry) as Plan;
const draftOf = (stored: StoredPlan) =>
  'draft' in stored ? (JSON.parse(stored.draft) as PlanDraft) : draftFrom(planOf(stored.geometry));

function published(plan: Plan): PublishedPlan {
  const all = nameSeats(plan).map(({ label, short, tier }) => [label, short, tier]);
  const names: PublishedPlan['names'] = [];
  for (let from = 0; from < all.length; from += NAMES_PER_PORTION) {
    names.push({ from, json: bytes(all.slice(from, from + NAMES_PER_PORTION)) });
  }
  const { name, capacity, tiers } = plan;
  return { ...{ name, capacity, tiers }, seats: plan.seats.length, geometry: bytes(plan), names };
}

function drafted(draft: PlanDraft): DraftContent {
  const seats = draft.rows.reduce((sum, row) => sum + row.seats.length, 0);
  const capacity = draft.areas.reduce((sum, { count }) => sum + count, seats);
  return { name: draft.name, capacity, seats, tiers: draft.tiers, json: bytes(draft) };
}

const first = <P extends NamedPlace>(list: P[]) => ({
  places: list.reduce((sum, { places }) => sum + places, 0),
  list: list.slice(0, PLACES_SHOWN)
});

const shown = ({ added, removed, renamed, retiered, moved }: ReturnType<typeof planDifference>): ShownDifference => ({
  added: first(added),
  removed: first(removed),
  renamed: first(renamed),
  retiered: first(retiered),
  moved: first(moved)
});
