import { createHmac, randomUUID, timingSafeEqual } from 'node:crypto';
import type { UserId } from '#domain/ids.ts';
import { uuid } from '#domain/ids.ts';
import type { Sql } from '../db/database.ts';

/** Links in mails that prove whoever opens them reads that mailbox. Each works once, for a while. */
export interface Links {
  /** What stands in the mail. */
  tokenOf(id: string): string;
  make(sql: Sql, user: UserId, purpose: 'password' | 'email', email?: string): Promise<string>;
  /** Uses it up, in the transaction of what it is for; null when it is not ours, used, or too old. */
  use(sql: Sql, token: string, purpose: 'password' | 'email'): Promise<UsedLink | null>;
}

export interface UsedLink {
  id: string;
  user: UserId;
  email: string | null;
}

const HOURS = { password: 1, email: 24 };

export function createLinks(secret: string): Links {
  const key = createHmac('sha256', secret).update('account link').digest();
  const tokenOf = (id: string) => `${id}.${createHmac('sha256', key).update(id).digest('base64url')}`;

  function idIn(token: string): string | null {
    const id = token.split('.')[0] ?? '';
    if (!uuid.safeParse(id).success) return null;
    const [given, made] = [Buffer.from(token), Buffer.from(tokenOf(id))];
    return given.length === made.length && timingSafeEqual(given, made) ? id : null;
  }

  return {
    tokenOf,

    async make(sql, user, purpose, email) {
      const id = randomUUID();
      await sql.query(
        `insert into account_link (id, user_id, purpose, email, expires_at)
         values ($1, $2, $3, $4, now() + make_interval(hours => $5))`,
        [id, user, purpose, email ?? null, HOURS[purpose]]
      );
      return id;
    },

    async use(sql, token, purpose) {
      const id = idIn(token);
      if (id === null) return null;
      const found = await sql.query<UsedLink>(
        `update account_link set used_at = now()
          where id = $1 and purpose = $2 and used_at is null and expires_at > now()
         returning id, user_id as user, email`,
        [id, purpose]
      );
      const [link] = found.rows;
      if (!link) return null;
      // The older mails of a person who asked three times are worth nothing any more.
      await sql.query(
        'update account_link set used_at = now() where user_id = $1 and purpose = $2 and used_at is null',
        [link.user, purpose]
      );
      return link;
    }
  };
}
