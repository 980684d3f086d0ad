import { createHash, randomBytes } from 'node:crypto';
import { NodePostgresAdapter } from '@lucia-auth/adapter-postgresql';
import { Lucia, TimeSpan, type Adapter, type DatabaseSession } from 'lucia';
import { z } from 'zod';
import type { BuyerId, UserId } from '#domain/ids.ts';
import type { Database } from '../db/database.ts';
import { role, type Role } from './roles.ts';

/** The only file that knows Lucia, whose author maintains it no longer. */
declare module 'lucia' {
  interface Register {
    Lucia: ReturnType<typeof createLucia>;
    DatabaseUserAttributes: {
      email: string;
      name: string;
      role: string;
      language: string | null;
      suspended_at: Date | null;
    };
    /** created_at is the database's own. */
    DatabaseSessionAttributes: { guest: string | null; agent: string; created_at?: Date };
  }
}

export interface User {
  id: UserId;
  email: string;
  name: string;
  role: Role;
}

export interface ValidSession {
  user: User;
  /** The buyer this user was before signing in. */
  guest: BuyerId | null;
  /** The one they chose; null when they never did. */
  language: string | null;
}

export interface Sessions {
  /** `expiresAt` is the latest: a session that nobody uses ends sooner. */
  create(user: UserId, guest: BuyerId | null, agent: string): Promise<{ token: string; expiresAt: Date }>;
  validate(token: string): Promise<ValidSession | null>;
  end(token: string): Promise<void>;
  /** All of the user's, but the one with this token. */
  endAll(user: UserId, except: string | null): Promise<void>;
}

/** A session ends when it was not used for so long … */
const IDLE_DAYS = 14;
/** … and in any case after this: a stolen one does not live for ever by being used. */
const LONGEST_DAYS = 60;
const DAY_MS = 86_400_000;
const user = z.object({ id: z.string(), email: z.string(), name: z.string(), role });

export const hashToken = (token: string) => createHash('sha256').update(token).digest('hex');

export function createSessions(db: Database): Sessions {
  const lucia = createLucia(db);
  return {
    async create(userId, guest, agent) {
      const token = randomBytes(24).toString('base64url');
      await lucia.createSession(userId, { guest, agent: agent.slice(0, 300) }, { sessionId: token });
      return { token, expiresAt: new Date(Date.now() + LONGEST_DAYS * DAY_MS) };
    },
    async validate(token) {
      const found = await lucia.validateSession(token);
      // A sign-in that was under way when the account was suspended has made a session after all were ended.
      if (!found.session || found.user.suspended) return null;
      const { guest, beganAt } = found.session;
      if (beganAt && Date.now() - beganAt.getTime() > LONGEST_DAYS * DAY_MS) {
        await lucia.invalidateSession(token);
        return null;
      }
      return { user: user.parse(found.user), guest, language: found.user.language };
    },
    end: (token) => lucia.invalidateSession(token),
    async endAll(userId, except) {
      await db.query('delete from user_session where user_id = $1 and id is distinct from $2', [
        userId,
        except === null ? null : hashToken(except)
      ]);
    }
  };
}

function createLucia(db: Database) {
  const adapter = new NodePostgresAdapter(db.pool, { user: 'app_user', session: 'user_session' });
  return new Lucia(hashed(adapter), {
    sessionExpiresIn: new TimeSpan(IDLE_DAYS, 'd'),
    getUserAttributes: ({ email, name, role: userRole, language, suspended_at }) => ({
      ...{ email, name, role: userRole, language },
      suspended: suspended_at !== null
    }),
    getSessionAttributes: ({ guest, created_at }) => ({ guest, beganAt: created_at })
  });
}

/** Lucia stores session ids as they are; here only their SHA-256 reaches the database. */
function hashed(adapter: Adapter): Adapter {
  const stored = (session: DatabaseSession): DatabaseSession => ({ ...session, id: hashToken(session.id) });
  return {
    async getSessionAndUser(id) {
      const [session, found] = await adapter.getSessionAndUser(hashToken(id));
      return [session && { ...session, id }, found];
    },
    getUserSessions: (userId) => adapter.getUserSessions(userId),
    setSession: (session) => adapter.setSession(stored(session)),
    updateSessionExpiration: (id, expiresAt) => adapter.updateSessionExpiration(hashToken(id), expiresAt),
    deleteSession: (id) => adapter.deleteSession(hashToken(id)),
    deleteUserSessions: (userId) => adapter.deleteUserSessions(userId),
    deleteExpiredSessions: () => adapter.deleteExpiredSessions()
  };
}
