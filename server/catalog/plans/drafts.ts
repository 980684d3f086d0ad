import * as m from '#domain/messages/compiled/refusals_desk.js';
import { notFound } from '#domain/not-found.ts';
import { isRefusal, refuse, type Refusal } from '#domain/refusal.ts';
import type { Database, Sql } from '../../db/database.ts';
import { audit, change, outdated } from '../changes.ts';
import type { Manager } from '../ownership.ts';
import type { DraftContent, StoredPlan } from '../plan-thread/messages.ts';
import { runPlanTask } from '../plan-thread/thread.ts';
import { readPlan, type SeatingPlan } from './rows.ts';
import { insertDraft, lockSeries, publishDraft, readStored, updateDraft } from './store.ts';

/** A draft as it is edited. */
export interface DraftView {
  planId: string;
  /** To be sent back when it is saved: whoever saves over a change that they have not seen is told. */
  version: number;
  number: number;
  name: string;
  venue: { id: string; name: string };
  /** The series has a published version already, which this one replaces. */
  hasPublished: boolean;
  /** A PlanDraft as JSON: with 100,000 seats it is 6 MB, which nobody here needs to take apart. */
  json: string;
}

export interface Drafts {
  /** NOT_FOUND for a version that is published. */
  draft(by: Manager, id: string): Promise<DraftView | Refusal>;
  /**
   * `body` is the JSON of `{ version, draft }`, as bytes whose memory is given away. Refuses CHANGED_MEANWHILE with
   * what is there, INVALID. What is wrong with the plan itself does not keep it from being saved.
   */
  saveDraft(by: Manager, id: string, body: Uint8Array): Promise<SeatingPlan | Refusal>;
  /** The next version of a published plan, to be edited; the one there is when somebody has begun it already. */
  newDraft(by: Manager, id: string): Promise<SeatingPlan | Refusal>;
  /** Refuses CHANGED_MEANWHILE, and INVALID with `problems` of #domain/plan-draft/problems when there are errors. */
  publish(by: Manager, id: string, saw: { version: number }): Promise<SeatingPlan | Refusal>;
  /** A draft of a plan of its own, with everything that this one has. */
  duplicate(by: Manager, id: string): Promise<SeatingPlan | Refusal>;
}

export function createDrafts(db: Database): Drafts {
  const readDraft = async (sql: Sql, by: Manager, id: string, lock = false): Promise<SeatingPlan | Refusal> => {
    const plan = await readPlan(sql, by, id, lock);
    return !isRefusal(plan) && plan.published ? notFound('draft') : plan;
  };

  /** The plan and what is stored of it, of one moment. */
  async function readBoth(by: Manager, id: string, drafts: boolean) {
    return db.transaction(async (sql): Promise<{ plan: SeatingPlan; stored: StoredPlan } | Refusal> => {
      const plan = drafts ? await readDraft(sql, by, id) : await readPlan(sql, by, id);
      if (isRefusal(plan)) return plan;
      const stored = await readStored(sql, id);
      return stored ? { plan, stored } : notFound('seating_plan');
    }, 'repeatable read');
  }

  async function startDraft(sql: Sql, by: Manager, from: SeatingPlan, content: DraftContent, series?: string) {
    const owner = await sql.query<{ organizer_id: string }>('select organizer_id from seating_plan where id = $1', [
      from.id
    ]);
    const organizerId = owner.rows[0]?.organizer_id;
    if (organizerId === undefined) return notFound('seating_plan');
    const version = {
      organizerId,
      venueId: from.venue.id,
      room: from.room,
      ...(series === undefined ? {} : { series })
    };
    const id = await insertDraft(sql, version, content);
    const made = await readPlan(sql, by, id);
    await audit(sql, by, 'plan', id, null, made);
    return made;
  }

  const draftOfSeries = async (sql: Sql, by: Manager, series: string): Promise<SeatingPlan | Refusal | null> => {
    const found = await sql.query<{ id: string }>(
      'select id from seating_plan where series = $1 and published_at is null',
      [series]
    );
    const id = found.rows[0]?.id;
    return id === undefined ? null : readPlan(sql, by, id);
  };

  return {
    async draft(by, id) {
      const read = await readBoth(by, id, true);
      if (isRefusal(read)) return read;
      const { plan, stored } = read;
      const json = 'draft' in stored ? stored.draft : await asDraft(stored, plan.name);
      if (typeof json !== 'string') return json;
      const before = await db.query(
        'select 1 from seating_plan where series = $1 and published_at is not null limit 1',
        [plan.series]
      );
      const { version, number, name, venue } = plan;
      return { planId: id, version, number, name, venue, hasPublished: before.rowCount === 1, json };
    },

    async saveDraft(by, id, body) {
      // Before 15 MB are read for somebody whose draft it is not.
      const own = await readDraft(db, by, id);
      if (isRefusal(own)) return own;
      const read = await runPlanTask({ kind: 'save', body });
      if (isRefusal(read)) return read;
      return change(db, async (sql) => {
        const before = await readDraft(sql, by, id, true);
        if (isRefusal(before)) return before;
        const late = outdated(before, read.version);
        if (late) return late;
        await updateDraft(sql, id, read.draft);
        const after = await readPlan(sql, by, id);
        await audit(sql, by, 'plan', id, before, after);
        return after;
      });
    },

    async newDraft(by, id) {
      const read = await readBoth(by, id, false);
      if (isRefusal(read)) return read;
      const { plan, stored } = read;
      if (!plan.published) return plan;
      const known = await draftOfSeries(db, by, plan.series);
      if (known) return known;
      const content = await runPlanTask({ kind: 'draft', stored, name: plan.name });
      if (isRefusal(content)) return content;
      return change(db, async (sql) => {
        // Whoever else begins the next version now waits here, and then finds it.
        await lockSeries(sql, plan.series);
        return (await draftOfSeries(sql, by, plan.series)) ?? startDraft(sql, by, plan, content, plan.series);
      });
    },

    async publish(by, id, { version }) {
      const read = await readBoth(by, id, true);
      if (isRefusal(read)) return read;
      const late = outdated(read.plan, version);
      if (late) return late;
      const made = await runPlanTask({ kind: 'publish', stored: read.stored });
      if (isRefusal(made)) return made;
      return change(db, async (sql) => {
        const before = await readDraft(sql, by, id, true);
        // Published by somebody else a moment ago, then.
        if (isRefusal(before)) return before;
        const later = outdated(before, version);
        if (later) return later;
        await publishDraft(sql, id, made);
        const after = await readPlan(sql, by, id);
        await audit(sql, by, 'plan', id, before, after, 'publish');
        return after;
      });
    },

    async duplicate(by, id) {
      const read = await readBoth(by, id, false);
      if (isRefusal(read)) return read;
      const { plan, stored } = read;
      const name = `${plan.name.slice(0, 110)} (copy)`;
      const content = await runPlanTask({ kind: 'draft', stored, name });
      return isRefusal(content) ? content : change(db, (sql) => startDraft(sql, by, plan, content));
    }
  };
}

async function asDraft(stored: StoredPlan, name: string): Promise<string | Refusal> {
  const content = await runPlanTask({ kind: 'draft', stored, name });
  return isRefusal(content) ? content : new TextDecoder().decode(content.json);
}

/** A version that shows use is kept: their tickets are made of it. */
export const planHasShows = () => refuse('HAS_SHOWS', m.plan_has_shows());
