import * as m from '#domain/messages/compiled/refusals_desk.js';
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { ApiTokenBody } from '#domain/api-tokens.ts';
import type { UserId } from '#domain/ids.ts';
import { notFound } from '#domain/not-found.ts';
import { isRefusal, refuse, type Refusal } from '#domain/refusal.ts';
import { ADMIN_SCOPES, type Scope } from '#domain/scopes.ts';
import { audit, change } from '../catalog/changes.ts';
import { owned, type Manager } from '../catalog/ownership.ts';
import type { Database, Sql } from '../db/database.ts';
import { newId } from '../ids.ts';
import { believe } from './believed.ts';
import type { User } from './sessions.ts';

/** A token as its owner sees it, without the secret, which is shown once and kept nowhere. Times are RFC 3339. */
export interface ListedToken {
  id: string;
  name: string;
  scopes: Scope[];
  /** How the token begins. */
  prefix: string;
  owner: { id: UserId; name: string };
  createdAt: string;
  expiresAt: string;
  /** The hour. */
  lastUsedAt: string | null;
  revokedAt: string | null;
  state: 'good' | 'expired' | 'revoked';
}

/** Who calls, when a program does. */
export interface TokenHolder {
  user: User;
  apiToken: { id: string; scopes: readonly Scope[] };
}

export interface ApiTokens {
  /** Those that are good come first, then the latest. */
  list(by: Manager): Promise<ListedToken[]>;
  /** Refuses INVALID (a scope that is not theirs to give), LIMIT_REACHED. `text` is the token: nobody can read it again. */
  create(by: Manager, body: ApiTokenBody): Promise<{ token: ListedToken; text: string } | Refusal>;
  /** Here at once, on other nodes within 5 s; again: changes nothing. Refuses NOT_FOUND. */
  revoke(by: Manager, id: string): Promise<ListedToken | Refusal>;
  /** Refuses UNAUTHENTICATED, in words that say whether the token is unknown, revoked or expired. */
  recognise(text: string): Promise<TokenHolder | Refusal>;
  /** What this node remembers of this user's tokens is read anew. */
  forget(user: UserId): void;
}

const BEGINNING = 'fh_';
const FORM = /^fh_([0-9a-z]{12})_[\w-]{43}$/;
const DAY_MS = 86_400_000;
const GOOD_AT_ONCE = 50;
/** What a list shows, the oldest left out. */
const LISTED = 200;
/** A session's token has just so many characters, and may begin in any way. */
const SESSION_TOKEN = 32;

/** Whether a bearer token is meant as an API token; a session's is none. */
export const looksLikeApiToken = (text: string) => text.startsWith(BEGINNING) && text.length !== SESSION_TOKEN;

const hashOf = (text: string) => createHash('sha256').update(text).digest();
const refused = (words: string) => refuse('UNAUTHENTICATED', `${words} Make a new one on the desk, under Tokens.`);

interface Row extends Omit<ListedToken, 'prefix' | 'owner' | 'createdAt' | 'expiresAt' | 'lastUsedAt' | 'revokedAt'> {
  user_id: UserId;
  owner: string;
  created_at: Date;
  expires_at: Date;
  last_used_at: Date | null;
  revoked_at: Date | null;
}
const TOKEN = `t.id, t.name, t.scopes, t.user_id, u.name as owner, t.created_at, t.expires_at, t.last_used_at, t.revoked_at,
  case when t.revoked_at is not null then 'revoked' when t.expires_at <= now() then 'expired' else 'good' end as state`;

const toListed = ({ id, name, scopes, state, ...row }: Row): ListedToken => ({
  ...{ id, name, scopes, state, prefix: `${BEGINNING}${id}_`, owner: { id: row.user_id, name: row.owner } },
  createdAt: row.created_at.toISOString(),
  expiresAt: row.expires_at.toISOString(),
  lastUsedAt: row.last_used_at?.toISOString() ?? null,
  revokedAt: row.revoked_at?.toISOString() ?? null
});

/** What the audit log keeps of it. */
const noted = ({ name, scopes, expiresAt, revokedAt }: ListedToken) => ({ name, scopes, expiresAt, revokedAt });

interface Stored extends User {
  user_id: UserId;
  hash: string;
  scopes: Scope[];
  expires_at: Date;
  revoked: boolean;
  suspended: boolean;
  used_this_hour: boolean;
}
type Known = { holder: TokenHolder; expiresAt: number } | { refusal: Refusal; user: UserId | null };

export function createApiTokens(db: Database): ApiTokens {
  const believed = believe(ask);

  async function read(sql: Sql, by: Manager, id: string, lock = ''): Promise<ListedToken | Refusal> {
    const { rows } = await sql.query<Row>(
      `select ${TOKEN} from api_token t join app_user u on u.id = t.user_id
        where t.id = $1 and ${owned('t.user_id', 2)} ${lock}`,
      [id, by.owner]
    );
    return rows[0] ? toListed(rows[0]) : notFound('token');
  }

  async function ask(text: string): Promise<Known> {
    const id = FORM.exec(text)?.[1];
    const { rows } = await db.query<Stored>(
      `select t.user_id, t.hash, t.scopes, t.expires_at, t.revoked_at is not null as revoked,
              u.suspended_at is not null as suspended,
              t.last_used_at is not distinct from date_trunc('hour', now()) as used_this_hour, u.email, u.name, u.role
         from api_token t join app_user u on u.id = t.user_id where t.id = $1`,
      [id ?? '']
    );
    const [row] = rows;
    if (!row || !timingSafeEqual(Buffer.from(row.hash, 'hex'), hashOf(text)))
      return { refusal: refused('There is no such API token.'), user: null };
    const { user_id: user, email, name, role } = row;
    if (row.revoked) return { refusal: refused('This API token was revoked.'), user };
    if (row.suspended)
      return { refusal: refuse('UNAUTHENTICATED', 'The account of this API token is suspended.'), user };
    if (role !== 'organizer' && role !== 'admin')
      return { refusal: refuse('UNAUTHENTICATED', 'The owner of this API token sells here no longer.'), user };
    if (!row.used_this_hour)
      await db.query(`update api_token set last_used_at = date_trunc('hour', now()) where id = $1`, [id]);
    const apiToken = { id: id ?? '', scopes: row.scopes };
    return { holder: { user: { id: user, email, name, role }, apiToken }, expiresAt: row.expires_at.getTime() };
  }

  const userOf = (known: Known) => ('holder' in known ? known.holder.user.id : known.user);

  return {
    async list(by) {
      const { rows } = await db.query<Row>(
        `select ${TOKEN} from api_token t join app_user u on u.id = t.user_id where ${owned('t.user_id', 1)}
          order by (t.revoked_at is null and t.expires_at > now()) desc, t.created_at desc, t.id limit ${LISTED}`,
        [by.owner]
      );
      return rows.map(toListed);
    },

    create: (by, { name, scopes, days }) =>
      change(db, async (sql) => {
        const reserved = scopes.find((one) => by.owner !== null && ADMIN_SCOPES.includes(one));
        if (reserved !== undefined) {
          const errors = [{ path: 'scopes', message: `may not have ${reserved}: that is for admins` }];
          return refuse('INVALID', m.not_valid(), { errors });
        }
        // One at a time for each owner, so that the count is right.
        await sql.query('select 1 from app_user where id = $1 for no key update', [by.user]);
        const { rows } = await sql.query<{ count: number }>(
          'select count(*) from api_token where user_id = $1 and revoked_at is null and expires_at > now()',
          [by.user]
        );
        if ((rows[0]?.count ?? 0) >= GOOD_AT_ONCE)
          return refuse('LIMIT_REACHED', m.tokens_full({ count: GOOD_AT_ONCE }));
        const id = newId();
        const text = `${BEGINNING}${id}_${randomBytes(32).toString('base64url')}`;
        await sql.query(
          `insert into api_token (id, user_id, name, hash, scopes, expires_at) values ($1, $2, $3, $4, $5, $6)`,
          [id, by.user, name, hashOf(text).toString('hex'), scopes, new Date(Date.now() + days * DAY_MS)]
        );
        const token = await read(sql, by, id);
        if (isRefusal(token)) return token;
        await audit(sql, { user: by.user, owner: by.user }, 'token', id, null, noted(token));
        return { token, text };
      }),

    async revoke(by, id) {
      const done = await change(db, async (sql) => {
        const before = await read(sql, by, id, 'for update of t');
        if (isRefusal(before) || before.state === 'revoked') return before;
        await sql.query('update api_token set revoked_at = now() where id = $1', [id]);
        const after = await read(sql, by, id);
        if (isRefusal(after)) return after;
        await audit(sql, { user: by.user, owner: after.owner.id }, 'token', id, noted(before), noted(after), 'revoke');
        return after;
      });
      if (!isRefusal(done)) believed.forget((known) => userOf(known) === done.owner.id);
      return done;
    },

    async recognise(text) {
      const known = await believed.of(text);
      if ('refusal' in known) return known.refusal;
      return known.expiresAt <= Date.now() ? refused('This API token has expired.') : known.holder;
    },

    forget: (user) => believed.forget((known) => userOf(known) === user)
  };
}
