import type { Repair } from '#domain/pretix/read.ts';
import { notFound } from '#domain/not-found.ts';
import { isRefusal, type Refusal } from '#domain/refusal.ts';
import type { Database } from '../db/database.ts';
import { audit, change } from './changes.ts';
import { owned, type Manager } from './ownership.ts';
import { runPlanTask } from './plan-thread/thread.ts';
import { insertDraft, insertPublished, readStored } from './plans/store.ts';
import { knownRoom, placeOf } from './rooms.ts';

/** Seating plans as files of pretix, in and out. */
export interface PlanFiles {
  /** Stores what a file says as a new plan of the venue; `onProgress` hears how far it is, from 0 to 1. */
  import(
    by: Manager,
    wanted: PlanImport,
    onProgress?: (share: number) => void
  ): Promise<{ plan: ImportedPlan; repairs: Repair[] } | Refusal>;
  /** The plan's file, or the second file with what the format cannot say. Plans of others are NOT_FOUND. */
  export(by: Manager, planId: string, part: 'plan' | 'supplement'): Promise<Uint8Array | Refusal>;
  /** Drafts too, the newest first. */
  plans(by: Manager): Promise<OwnPlan[]>;
  venues(by: Manager): Promise<OwnVenue[]>;
}

export interface PlanImport {
  venueId: string;
  /** One of the venue's rooms. */
  room?: string | null | undefined;
  /** A pretix file, or `{ plan, supplement }`. Its memory is given away. */
  file: Uint8Array;
  supplement: Uint8Array | null;
  /** A published plan can be sold and never changes; else it is a draft. */
  publish: boolean;
}

export interface ImportedPlan {
  id: string;
  venueId: string;
  name: string;
  /** Seats and standing places. */
  capacity: number;
  seats: number;
  published: boolean;
}

export interface OwnVenue {
  id: string;
  name: string;
  city: string;
  rooms: string[];
}

export interface OwnPlan {
  id: string;
  name: string;
  capacity: number;
  venue: string;
  published: boolean;
}

/** Reading is about this share of the work, storing the rest (measured with 100,000 places). */
const READING = 0.5;
/** A draft has no names to store. */
const READING_A_DRAFT = 0.9;
const PLANS_LISTED = 200;

export function createPlanFiles(db: Database): PlanFiles {
  return {
    async import(by, { venueId, room: wanted, file, supplement, publish }, onProgress = () => undefined) {
      const venues = await db.query<{ organizer_id: string }>(
        `select organizer_id from venue where id = $1 and ${owned('organizer_id', 2)}`,
        [venueId, by.owner]
      );
      const venue = venues.rows[0];
      if (!venue) return notFound('venue');
      const room = await knownRoom(db, venueId, wanted);
      if (isRefusal(room)) return room;
      // A seat takes some 100 letters in the files that were looked at.
      const expected = Math.max(1, file.length / 100);
      const read = await runPlanTask({ kind: 'read', file, supplement, draft: !publish }, (seats) =>
        onProgress(Math.min(0.95, seats / expected) * (publish ? READING : READING_A_DRAFT))
      );
      if (isRefusal(read)) return read;
      const { plan, repairs } = read;
      const version = { organizerId: venue.organizer_id, venueId, room };
      const stored = await change(db, async (sql) => {
        const id =
          plan.kind === 'draft'
            ? await insertDraft(sql, version, plan.content)
            : await insertPublished(sql, version, plan.content, (share) => onProgress(READING + share * (1 - READING)));
        const { name, capacity, seats } = plan.content;
        const made: ImportedPlan = { id, venueId, name, capacity, seats, published: publish };
        await audit(sql, by, 'plan', id, null, made);
        return made;
      });
      onProgress(1);
      return isRefusal(stored) ? stored : { plan: stored, repairs };
    },

    async export(by, planId, part) {
      const found = await db.query(`select 1 from seating_plan where id = $1 and ${owned('organizer_id', 2)}`, [
        planId,
        by.owner
      ]);
      const stored = found.rowCount === 1 ? await readStored(db, planId) : null;
      if (stored === null) return notFound('seating_plan');
      const written = await runPlanTask({ kind: 'write', stored, part });
      return isRefusal(written) ? written : written.json;
    },

    async plans(by) {
      const { rows } = await db.query<OwnPlan>(
        `select p.id, p.name, p.capacity, ${placeOf()} as venue, p.published_at is not null as published
           from seating_plan p join venue v on v.id = p.venue_id
          where ${owned('p.organizer_id', 1)} order by p.created_at desc, p.id limit ${PLANS_LISTED}`,
        [by.owner]
      );
      return rows;
    },

    async venues(by) {
      const { rows } = await db.query<OwnVenue>(
        `select id, name, city,
                array(select r.name from venue_room r where r.venue_id = venue.id order by r.ordinal, r.name) as rooms
           from venue where ${owned('organizer_id', 1)} order by name, id`,
        [by.owner]
      );
      return rows;
    }
  };
}
