import type { PlanBody, PlanPatch, PlansQuery } from '#domain/catalog.ts';
import type { PlanDraft } from '#domain/plan-draft/draft.ts';
import { notFound } from '#domain/not-found.ts';
import { isRefusal, type Refusal } from '#domain/refusal.ts';
import type { Database, Sql } from '../db/database.ts';
import { audit, change, outdated } from './changes.ts';
import { owned, type Manager } from './ownership.ts';
import { runPlanTask } from './plan-thread/thread.ts';
import { createDrafts, planHasShows, type Drafts } from './plans/drafts.ts';
import { listPlans, readPlan, readPlanText, readVersions, type PlanVersion, type SeatingPlan } from './plans/rows.ts';
import { insertDraft, insertPublished, lockSeries, updateRoom } from './plans/store.ts';
import { knownRoom } from './rooms.ts';

export { readPlanId, readPlanText } from './plans/rows.ts';
export { insertPlan } from './plans/store.ts';

/**
 * Seating plans: versions of a series, of which one may be a draft. A published version never changes; what is to be
 * different is drawn in a draft and published as the next version, to which shows can be moved (see plan-change.ts).
 */
export interface Plans extends Drafts {
  list(by: Manager, query: PlansQuery): Promise<{ items: SeatingPlan[]; next: string | null }>;
  get(by: Manager, id: string): Promise<SeatingPlan | Refusal>;
  /** One of the halls that can be generated, published at once; or an empty draft. */
  create(by: Manager, body: PlanBody): Promise<SeatingPlan | Refusal>;
  /**
   * Its name in the lists (what is printed on a published plan stays), and the room that all versions of it are for:
   * from then on their shows are in that room. Refuses CHANGED_MEANWHILE, and INVALID a room that its venue does not have.
   */
  update(by: Manager, id: string, patch: PlanPatch): Promise<SeatingPlan | Refusal>;
  /** All versions of the plan's series, the newest first. */
  versions(by: Manager, id: string): Promise<PlanVersion[] | Refusal>;
  /** The JSON of a published plan. */
  geometry(by: Manager, id: string): Promise<string | Refusal>;
  /** Refuses HAS_SHOWS; for places that were sold in this version once, HAS_BOOKINGS. */
  remove(by: Manager, id: string): Promise<null | Refusal>;
}

export function createPlans(db: Database): Plans {
  /** Kept from being deleted until the transaction ends. */
  async function ownerOf(sql: Sql, by: Manager, venueId: string): Promise<string | null> {
    const venue = await sql.query<{ organizer_id: string }>(
      `select v.organizer_id from venue v where v.id = $1 and ${owned('v.organizer_id', 2)} for share`,
      [venueId, by.owner]
    );
    return venue.rows[0]?.organizer_id ?? null;
  }

  return {
    ...createDrafts(db),
    list: (by, query) => listPlans(db, by, query),
    get: (by, id) => readPlan(db, by, id),
    versions: (by, id) => readVersions(db, by, id),

    async create(by, { venueId, room: wanted, name, generate }) {
      if ((await ownerOf(db, by, venueId)) === null) return notFound('venue');
      const hall = generate && (await runPlanTask({ kind: 'generate', size: generate, name }));
      if (isRefusal(hall)) return hall;
      return change(db, async (sql) => {
        const organizerId = await ownerOf(sql, by, venueId);
        if (organizerId === null) return notFound('venue');
        const room = await knownRoom(sql, venueId, wanted);
        if (isRefusal(room)) return room;
        const version = { organizerId, venueId, room };
        const id = hall ? await insertPublished(sql, version, hall) : await insertDraft(sql, version, emptyDraft(name));
        const made = await readPlan(sql, by, id);
        await audit(sql, by, 'plan', id, null, made);
        return made;
      });
    },

    update: (by, id, { name, room: wanted, version }) =>
      change(db, async (sql) => {
        const own = await readPlan(sql, by, id);
        if (isRefusal(own)) return own;
        if (wanted !== undefined) await lockSeries(sql, own.series);
        const before = await readPlan(sql, by, id, true);
        if (isRefusal(before)) return before;
        const late = outdated(before, version);
        if (late) return late;
        const room = wanted === undefined ? before.room : await knownRoom(sql, before.venue.id, wanted);
        if (isRefusal(room)) return room;
        if (room !== before.room) await updateRoom(sql, before.series, room);
        if (name !== undefined && name !== before.name) await rename(sql, id, name);
        const after = await readPlan(sql, by, id);
        await audit(sql, by, 'plan', id, before, after, room === before.room ? 'rename' : 'update');
        return after;
      }),

    async geometry(by, id) {
      const plan = await readPlan(db, by, id);
      if (isRefusal(plan)) return plan;
      return (await readPlanText(db, id)) ?? notFound('published_seating_plan');
    },

    remove: (by, id) =>
      change(db, async (sql) => {
        const before = await readPlan(sql, by, id, true);
        if (isRefusal(before)) return before;
        const shows = await sql.query('select 1 from show where plan_id = $1 limit 1', [id]);
        if (shows.rowCount) return planHasShows();
        await audit(sql, by, 'plan', id, before, null);
        await sql.query('delete from seating_plan where id = $1', [id]);
        return null;
      })
  };
}

/** The name of a draft is in what is drawn, too. */
async function rename(sql: Sql, id: string, name: string): Promise<void> {
  await sql.query(
    `update seating_plan set name = $2, version = version + 1, updated_at = now(),
            draft = case when published_at is null and draft is not null
                         then jsonb_set(draft::jsonb, '{name}', to_jsonb($2::text))::json else draft end
      where id = $1`,
    [id, name]
  );
}

/** Nothing but a stage and the first price tier. */
function emptyDraft(name: string) {
  const draft: PlanDraft = {
    name,
    tiers: [{ id: 'standard', name: 'Standard', ordinal: 1 }],
    stage: {
      label: 'STAGE',
      outline: [
        [-8, -6],
        [8, -6],
        [8, -2],
        [-8, -2]
      ]
    },
    focus: { x: 0, y: 0 },
    ...{ sections: [], rows: [], tables: [], areas: [], background: null }
  };
  const json = new TextEncoder().encode(JSON.stringify(draft));
  return { name, capacity: 0, seats: 0, tiers: draft.tiers, json };
}
