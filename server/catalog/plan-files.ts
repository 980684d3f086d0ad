import type { Repair } from '#domain/pretix/read.ts';
import { isRefusal, notFound, type Refusal } from '#domain/refusal.ts';
import type { Database, Sql } from '../db/database.ts';
import { newId } from '../ids.ts';
import { audit, change } from './changes.ts';
import { owned, type Manager } from './ownership.ts';
import { runFileTask } from './pretix/file-thread.ts';
import type { ReadPlan } from './pretix/messages.ts';

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
  venues(by: Manager): Promise<{ id: string; name: string; city: string }[]>;
}

export interface PlanImport {
  venueId: string;
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

export interface OwnPlan {
  id: string;
  name: string;
  capacity: number;
  venue: string;
  published: boolean;
}

/** Reading is about this share of the work, storing the rest (measured with 100,000 places). */
const READING = 0.5;
const PLANS_LISTED = 200;

export function createPlanFiles(db: Database): PlanFiles {
  return {
    async import(by, { venueId, file, supplement, publish }, onProgress = () => undefined) {
      const venues = await db.query<{ organizer_id: string }>(
        `select organizer_id from venue where id = $1 and ${owned('organizer_id', 2)}`,
        [venueId, by.owner]
      );
      const venue = venues.rows[0];
      if (!venue) return notFound('venue');
      // A seat takes some 100 letters in the files that were looked at.
      const expected = Math.max(1, file.length / 100);
      const read = await runFileTask({ kind: 'read', file, supplement }, (seats) =>
        onProgress(Math.min(0.95, seats / expected) * READING)
      );
      if (isRefusal(read)) return read;
      if (read.kind !== 'read') throw new Error('a file was to be read, and one was written');
      const id = newId();
      const { name, capacity, seats, repairs } = read;
      const plan: ImportedPlan = { id, venueId, name, capacity, seats, published: publish };
      const stored = await change(db, async (sql) => {
        await sql.query(
          `insert into seating_plan (id, organizer_id, venue_id, name, capacity, geometry, published_at)
           values ($1, $2, $3, $4, $5, $6, case when $7 then now() end)`,
          [id, venue.organizer_id, venueId, read.name, read.capacity, Buffer.from(read.geometry), publish]
        );
        await insertNames(sql, id, read, (share) => onProgress(READING + share * (1 - READING)));
        await audit(sql, by, 'plan', id, null, plan);
        return plan;
      });
      return isRefusal(stored) ? stored : { plan: stored, repairs };
    },

    async export(by, planId, part) {
      const found = await db.query<{ geometry: string }>(
        `select geometry::text from seating_plan where id = $1 and ${owned('organizer_id', 2)}`,
        [planId, by.owner]
      );
      const geometry = found.rows[0]?.geometry;
      if (geometry === undefined) return notFound('seating plan');
      const written = await runFileTask({ kind: 'write', geometry, part });
      if (isRefusal(written)) return written;
      if (written.kind !== 'written') throw new Error('a file was to be written, and one was read');
      return written.json;
    },

    async plans(by) {
      const { rows } = await db.query<OwnPlan>(
        `select p.id, p.name, p.capacity, v.name as venue, p.published_at is not null as published
           from seating_plan p join venue v on v.id = p.venue_id
          where ${owned('p.organizer_id', 1)} order by p.created_at desc, p.id limit ${PLANS_LISTED}`,
        [by.owner]
      );
      return rows;
    },

    async venues(by) {
      const { rows } = await db.query<{ id: string; name: string; city: string }>(
        `select id, name, city from venue where ${owned('organizer_id', 1)} order by name, id`,
        [by.owner]
      );
      return rows;
    }
  };
}

/** The names go as the bytes they came as: Postgres takes them apart, so that this thread has nothing to do. */
async function insertNames(sql: Sql, planId: string, { names, capacity }: ReadPlan, onShare: (share: number) => void) {
  for (const { from, json } of names) {
    await sql.query(
      `insert into plan_seat (plan_id, seat_index, label, short, tier)
       select $1, $2::int + n - 1, name->>0, name->>1, name->>2
         from json_array_elements($3::json) with ordinality as s (name, n)`,
      [planId, from, Buffer.from(json)]
    );
    onShare(from / capacity);
  }
  onShare(1);
}
