import * as m from '#domain/messages/compiled/refusals_desk.js';
import { createHash } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import type { Plan } from '#domain/plan.ts';
import { busy, isRefusal, refuse, type Refusal } from '#domain/refusal.ts';
import type { Manager } from '../catalog/ownership.ts';
import type { Config } from '../config.ts';
import type { Database } from '../db/database.ts';
import { newId } from '../ids.ts';
import type { Logger } from '../log.ts';
import { pictureName, type PictureFormat } from './banner.ts';
import type { PictureUse } from './encode.ts';
import { oneAtATime } from './queue.ts';
import type { ShareWords } from './share/share-picture.ts';
import { isPictureName, openStorage } from './storage.ts';

/**
 * Pictures that organizers upload: checked, encoded anew, kept under random names. Nothing is ever fetched from an
 * address that somebody names.
 */
export interface Pictures {
  /**
   * Keeps an upload in the sizes of its use. Refuses INVALID (path `file`) what is no picture, BUSY while too many wait
   * to be looked at, LIMIT_REACHED; nothing is kept then.
   */
  store(by: Manager, bytes: Uint8Array, use: PictureUse): Promise<Picture | Refusal>;
  /** A file by its name in `/pictures/`, or null. */
  open(name: string): Promise<{ bytes: Uint8Array; type: string; etag: string } | null>;
  /** A PNG of the house with these words, for pages that are shared. Drawn again only when one of them is another. BUSY. */
  share(planId: string, plan: Plan, words: ShareWords): Promise<{ bytes: Uint8Array; etag: string } | Refusal>;
  /** Files first, then the row: what a crash leaves in between, `sweep` finds. */
  remove(id: string): Promise<void>;
  /**
   * Removes what nobody shows: uploads that never ended, banners without an event, and backgrounds that for a day no
   * version of a seating plan has been drawn over. Answers how many.
   */
  sweep(): Promise<number>;
}

/** Width and height are those of its largest file. */
export interface Picture {
  id: string;
  width: number;
  height: number;
}

/** Behind the one that is being looked at: more would keep their bytes in memory and their senders waiting. */
const WAITING_AT_MOST = 8;
/** No upload takes so long: what is older and belongs to nothing has been left behind. */
const LEFT_BEHIND = '1 hour';
/** Whoever took a background away in the editor can have it back with Undo as long as the page is open. */
const UNUSED_FOR = '1 day';
const SWEPT_AT_ONCE = 500;
const BACKGROUNDS_AT_MOST = 200;
/** Some 40 kB each. */
const SHARES_KEPT = 200;
const SHARES_WAITING = 16;

const TYPES: Record<PictureFormat, string> = { webp: 'image/webp', jpg: 'image/jpeg' };

export function createPictures(parts: { db: Database; config: Pick<Config, 'dataDir' | 's3'>; log: Logger }): Pictures {
  const { db } = parts;
  const log = parts.log.child({ part: 'pictures' });
  const storage = openStorage(parts.config);
  const inTurn = oneAtATime(WAITING_AT_MOST);
  const shares = new LRUCache<string, Uint8Array>({ max: SHARES_KEPT });
  const drawInTurn = oneAtATime(SHARES_WAITING);

  async function remove(id: string): Promise<void> {
    const found = await db.query<{ sizes: number[] }>('select sizes from picture where id = $1', [id]);
    for (const size of found.rows[0]?.sizes ?? []) {
      for (const format of Object.keys(TYPES) as PictureFormat[]) await storage.remove(pictureName(id, size, format));
    }
    await db.query('delete from picture where id = $1', [id]);
  }

  return {
    async share(planId, plan, words) {
      const key = JSON.stringify([planId, words]);
      const etag = `"${createHash('sha256').update(key).digest('base64url').slice(0, 22)}"`;
      // Whoever waited behind the one that was drawn first finds it drawn.
      // What draws and encodes is loaded with the first picture: most processes have none.
      const { drawShare } = await import('./share/share-picture.ts');
      const bytes = await drawInTurn(async () => shares.get(key) ?? drawShare(plan, words));
      if (!bytes) return busy('Many pictures are being drawn right now. Please try again in a moment.');
      shares.set(key, bytes);
      return { bytes, etag };
    },

    async store(by, bytes, use) {
      if (use === 'background') {
        const had = await db.query<{ count: number }>(
          `select count(*) from picture where organizer_id = $1 and use = 'background'`,
          [by.user]
        );
        if ((had.rows[0]?.count ?? 0) >= BACKGROUNDS_AT_MOST) {
          return refuse('LIMIT_REACHED', m.backgrounds_full({ count: BACKGROUNDS_AT_MOST }));
        }
      }
      const { encode } = await import('./encode.ts');
      const encoded = await inTurn(() => encode(bytes, use));
      if (!encoded) return busy('Many pictures are being looked at right now. Please try again in a moment.');
      if (isRefusal(encoded)) return encoded;
      const { width, height, files } = encoded;
      const id = newId() + newId();
      const sizes = [...new Set(files.map(({ size }) => size))];
      // The row first: from here on `sweep` knows what to look for.
      await db.query(
        'insert into picture (id, organizer_id, use, width, height, sizes) values ($1, $2, $3, $4, $5, $6)',
        [id, by.user, use, width, height, sizes]
      );
      try {
        for (const { size, format, bytes: file } of files) {
          await storage.put(pictureName(id, size, format), file, TYPES[format]);
        }
        await db.query('update picture set stored_at = now() where id = $1', [id]);
      } catch (error) {
        await remove(id).catch((failure: unknown) => log.warn({ err: failure, id }, 'half a picture is left behind'));
        throw error;
      }
      return { id, width, height };
    },

    async open(name) {
      if (!isPictureName(name)) return null;
      const bytes = await storage.get(name);
      // A name is written once, so it says as much as a hash of what it holds.
      return bytes && { bytes, type: TYPES[name.endsWith('webp') ? 'webp' : 'jpg'], etag: `"${name}"` };
    },

    remove,

    async sweep() {
      // A draft keeps its background when it is published: the next version begins with it.
      await db.query(
        `update picture p set unused_since = case when u.used then null else now() end
           from (select id, exists (select 1 from seating_plan s where s.background = picture.id) as used
                   from picture where use = 'background') u
          where u.id = p.id and u.used = (p.unused_since is not null)`
      );
      const left = await db.query<{ id: string }>(
        `select id from picture p
          where p.created_at < now() - $1::interval and not exists (select 1 from event e where e.banner_picture_id = p.id)
            and (p.stored_at is null or p.use = 'banner' or p.unused_since < now() - $2::interval)
          order by p.created_at limit $3`,
        [LEFT_BEHIND, UNUSED_FOR, SWEPT_AT_ONCE]
      );
      for (const { id } of left.rows) await remove(id);
      if (left.rows.length > 0) log.info({ pictures: left.rows.length }, 'removed pictures that nobody shows');
      return left.rows.length;
    }
  };
}
