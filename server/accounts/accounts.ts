import { randomUUID } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import type { BuyerId, UserId } from '#domain/ids.ts';
import { busy, refuse, type Refusal } from '#domain/refusal.ts';
import type { Config } from '../config.ts';
import { isUnavailable, violatedConstraint, type Database } from '../db/database.ts';
import type { Logger } from '../log.ts';
import { buyerOfUser, createBuyerTokens } from './buyer-token.ts';
import { networkOf } from './network.ts';
import { createPasswords, TooManyPasswords } from './passwords.ts';
import { createSessions, type User, type ValidSession } from './sessions.ts';
import { createWrongPasswords } from './wrong-passwords.ts';

export type { User } from './sessions.ts';

/** Who is asking. */
export interface Identity {
  user: User | null;
  /** `u_<user id>` when signed in, else the guest's id, else null: then one may watch but not hold. */
  buyer: BuyerId | null;
  /** The guest that came along with a signed-in user: a hold of theirs is the user's. */
  guest: BuyerId | null;
  sessionToken: string | null;
}

export interface SignedIn {
  user: User;
  token: string;
  expiresAt: Date;
}

export interface Accounts {
  /** Refuses EMAIL_TAKEN, BUSY. */
  signUp(input: { email: string; password: string; name: string }, guest: BuyerId | null): Promise<SignedIn | Refusal>;
  /**
   * Refuses BAD_CREDENTIALS, RATE_LIMITED, BUSY. The same words and the same time whether the account exists.
   * `address` is where the visitor calls from: whoever tries many accounts from one network is slowed down too.
   */
  signIn(
    input: { email: string; password: string },
    guest: BuyerId | null,
    address?: string | null
  ): Promise<SignedIn | Refusal>;
  signOut(token: string): Promise<void>;
  /** The sessions of this user were ended: nothing on this node believes them any longer; others ask within seconds. */
  forgetUser(user: UserId): void;
  identify(credentials: { sessionToken?: string | null; buyerToken?: string | null }): Promise<Identity>;
  issueBuyer(): { buyer: BuyerId; token: string };
  verifyBuyer(token: string): BuyerId | null;
}

/** How long a session is believed without asking (ms): what it takes at most until a sign-out is felt elsewhere. */
const BELIEVED_MS = 5000;
/** While Postgres is away a session that was good this recently (ms) stays good: holds go on. */
const BELIEVED_WITHOUT_POSTGRES_MS = 600_000;

export function createAccounts(parts: { db: Database; config: Config; log: Logger }): Accounts {
  const { db, config } = parts;
  const log = parts.log.child({ part: 'accounts' });
  const passwords = createPasswords();
  const sessions = createSessions(db);
  const buyers = createBuyerTokens(config.secret);
  const seen = new LRUCache<string, { at: number; session: ValidSession | null }>({
    max: 50_000,
    ttl: BELIEVED_WITHOUT_POSTGRES_MS
  });
  const asking = new Map<string, Promise<ValidSession | null>>();
  const wrongPasswords = createWrongPasswords();

  async function ask(token: string): Promise<ValidSession | null> {
    const known = seen.get(token);
    const at = performance.now();
    try {
      const session = await sessions.validate(token);
      // Somebody may have signed out meanwhile: that is the later news.
      const latest = seen.get(token);
      if (latest && latest.at > at) return latest.session;
      seen.set(token, { at, session });
      return session;
    } catch (error) {
      if (!known || !isUnavailable(error)) throw error;
      // Not every click should wait for a Postgres that does not answer.
      seen.set(token, { at: performance.now(), session: known.session }, { noUpdateTTL: true });
      return known.session;
    }
  }

  /** A page asks for many things at once, all in the name of one session: one question answers them all. */
  async function validate(token: string): Promise<ValidSession | null> {
    const known = seen.get(token);
    if (known && performance.now() - known.at < BELIEVED_MS) return known.session;
    const asked = asking.get(token) ?? ask(token).finally(() => asking.delete(token));
    asking.set(token, asked);
    return asked;
  }

  const begin = async (user: User, guest: BuyerId | null): Promise<SignedIn> => ({
    user,
    ...(await sessions.create(user.id, guest))
  });

  async function check(account: string, password: string): Promise<User | null> {
    const found = await db.query<User & { password_hash: string }>(
      `select id, email, name, role, password_hash from app_user where lower(email) = $1`,
      [account]
    );
    const row = found.rows[0];
    const fits = await passwords.verify(row?.password_hash ?? null, password);
    return fits && row ? { id: row.id, email: row.email, name: row.name, role: row.role } : null;
  }

  async function guarded(work: () => Promise<SignedIn | Refusal>): Promise<SignedIn | Refusal> {
    try {
      return await work();
    } catch (error) {
      if (error instanceof TooManyPasswords || isUnavailable(error)) return busy();
      throw error;
    }
  }

  return {
    signUp: ({ email, password, name }, guest) =>
      guarded(async () => {
        const user: User = { id: randomUUID(), email: email.toLowerCase(), name, role: 'customer' };
        const hash = await passwords.hash(password);
        try {
          await db.query(`insert into app_user (id, email, name, password_hash) values ($1, $2, $3, $4)`, [
            user.id,
            user.email,
            name,
            hash
          ]);
        } catch (error) {
          if (violatedConstraint(error) !== 'one_account_per_email') throw error;
          return refuse('EMAIL_TAKEN', 'There is an account with this e-mail address. Sign in instead.', {
            errors: [{ path: 'email', message: 'has an account already' }]
          });
        }
        return begin(user, guest);
      }),

    signIn: ({ email, password }, guest, address) =>
      guarded(async () => {
        const account = email.toLowerCase();
        const network = networkOf(address);
        const seconds = wrongPasswords.tried(account, network);
        if (seconds > 0) {
          const wait = seconds < 90 ? `${seconds} seconds` : `${Math.ceil(seconds / 60)} minutes`;
          return refuse('RATE_LIMITED', `Too many wrong passwords. Try again in ${wait}.`, { retryAfter: seconds });
        }
        const user = await check(account, password).catch((error: unknown) => {
          wrongPasswords.unchecked(account, network);
          throw error;
        });
        if (!user) return refuse('BAD_CREDENTIALS', 'That e-mail address and password do not fit together.');
        wrongPasswords.right(account, network);
        return begin(user, guest);
      }),

    async signOut(token) {
      seen.set(token, { at: performance.now(), session: null });
      await sessions.end(token);
    },

    forgetUser(user) {
      for (const [token, { session }] of seen) {
        if (session?.user.id === user) seen.set(token, { at: performance.now(), session: null });
      }
    },

    async identify({ sessionToken, buyerToken }) {
      const guest = buyerToken ? buyers.verify(buyerToken) : null;
      if (sessionToken) {
        try {
          const session = await validate(sessionToken);
          if (session) {
            const { user } = session;
            return { user, buyer: buyerOfUser(user.id), guest: guest ?? session.guest, sessionToken };
          }
        } catch (error) {
          if (!isUnavailable(error)) throw error;
          // Nobody can be recognised now; who came as a guest can go on as one.
          log.warn('Postgres is away: sessions cannot be checked');
        }
      }
      return { user: null, buyer: guest, guest, sessionToken: null };
    },

    issueBuyer: buyers.issue,
    verifyBuyer: buyers.verify
  };
}
