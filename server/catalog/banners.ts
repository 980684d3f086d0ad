import * as m from '#domain/messages/compiled/refusals_desk.js';
import { isRefusal, type Refusal } from '#domain/refusal.ts';
import type { Database } from '../db/database.ts';
import type { Logger } from '../log.ts';
import { badPicture } from '../pictures/bad-picture.ts';
import type { Pictures } from '../pictures/pictures.ts';
import { audit, change } from './changes.ts';
import { readOwnEvent, type OwnEvent } from './events.ts';
import type { Manager } from './ownership.ts';

/** The picture at the head of an event. */
export interface Banners {
  /**
   * Puts it there, in the place of another one, which is removed. Without bytes only `alt` changes. Refuses what
   * Pictures.store refuses, and NOT_FOUND.
   */
  set(by: Manager, eventId: string, given: { bytes: Uint8Array | null; alt: string }): Promise<OwnEvent | Refusal>;
  remove(by: Manager, eventId: string): Promise<OwnEvent | Refusal>;
}

export function createBanners(parts: { db: Database; pictures: Pictures; log: Logger }): Banners {
  const { db, pictures, log } = parts;

  /** Nobody shows it any more. What cannot be removed now is swept later. */
  const drop = (id: string) =>
    pictures.remove(id).catch((error: unknown) => log.warn({ err: error, picture: id }, 'a picture is left behind'));

  /** The event with `picture` (null: none; undefined: what it has), and the picture it had before, if it has no more. */
  async function put(by: Manager, id: string, picture: string | null | undefined, alt: string) {
    return change(db, async (sql) => {
      const before = await readOwnEvent(sql, by, id, true);
      if (isRefusal(before)) return before;
      if (picture === undefined && !before.banner) return badPicture(m.picture_missing(), 'is missing');
      const had = await sql.query<{ id: string | null }>('select banner_picture_id as id from event where id = $1', [
        id
      ]);
      if (picture === undefined) await sql.query('update event set banner_alt = $2 where id = $1', [id, alt]);
      else {
        await sql.query(
          `update event set banner = null, banner_picture_id = $2, banner_alt = $3, updated_at = now() where id = $1`,
          [id, picture, alt]
        );
      }
      const event = await readOwnEvent(sql, by, id);
      if (isRefusal(event)) return event;
      await audit(sql, by, 'event', id, before, event, picture === null ? 'remove banner' : 'set banner');
      return { event, dropped: picture === undefined ? null : (had.rows[0]?.id ?? null) };
    });
  }

  return {
    async set(by, id, { bytes, alt }) {
      // Whose event it is comes first: nothing is kept, and nothing said about the file, for somebody else's.
      const event = await readOwnEvent(db, by, id);
      if (isRefusal(event)) return event;
      const picture = bytes === null ? null : await pictures.store(by, bytes, 'banner');
      if (isRefusal(picture)) return picture;
      // Should this throw, nobody knows whether it was committed: the sweep does, later.
      const done = await put(by, id, picture?.id, alt);
      if (isRefusal(done)) {
        if (picture) await drop(picture.id);
        return done;
      }
      if (done.dropped !== null) await drop(done.dropped);
      return done.event;
    },

    async remove(by, id) {
      const done = await put(by, id, null, '');
      if (isRefusal(done)) return done;
      if (done.dropped !== null) await drop(done.dropped);
      return done.event;
    }
  };
}
