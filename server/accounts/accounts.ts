import { waitInWords } from '../language.ts';
import * as m from '#domain/messages/compiled/refusals.js';
import { randomUUID } from 'node:crypto';
import type { BuyerId, UserId } from '#domain/ids.ts';
import { currentLanguage } from '#domain/language.ts';
import { busy, isRefusal, refuse, type Refusal } from '#domain/refusal.ts';
import type { Scope } from '#domain/scopes.ts';
import type { Config } from '../config.ts';
import { isUnavailable, violatedConstraint, type Database } from '../db/database.ts';
import type { Logger } from '../log.ts';
import { createApiTokens, looksLikeApiToken, type ApiTokens } from './api-tokens.ts';
import { believe } from './believed.ts';
import { buyerOfUser, createBuyerTokens } from './buyer-token.ts';
import { guessable } from './common-passwords.ts';
import { networkOf } from './network.ts';
import { createPasswords, TooManyPasswords, type Passwords } from './passwords.ts';
import { createSessions, hashToken, type User } from './sessions.ts';
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
  /** The one that a signed-in user chose; null when they never did. */
  language: string | null;
  /** A session came along, and Postgres is away: nobody can say now whose it is, and signing in would not help. */
  unchecked: boolean;
  /** A program that calls in the user's name, and what it may do; null for a person. `text` is the token itself. */
  apiToken: { id: string; scopes: readonly Scope[]; text: string } | null;
  /** Why the API token that came along is good for nothing (UNAUTHENTICATED, BUSY); then nobody is recognised. */
  refused: Refusal | null;
}

const NOBODY: Identity = {
  ...{ user: null, buyer: null, guest: null, sessionToken: null, language: null },
  ...{ unchecked: false, apiToken: null, refused: null }
};

const suspended = () => refuse('FORBIDDEN', m.suspended());

export interface SignedIn {
  user: User;
  token: string;
  expiresAt: Date;
}

export interface Accounts {
  /** Refuses EMAIL_TAKEN, INVALID (a password that would be guessed), BUSY. `agent` is how the browser names itself, for the list of sessions. */
  signUp(
    input: { email: string; password: string; name: string },
    guest: BuyerId | null,
    agent?: string
  ): Promise<SignedIn | Refusal>;
  /**
   * Refuses BAD_CREDENTIALS, RATE_LIMITED, BUSY, FORBIDDEN to who knows the password of a suspended account. The same words and the same time whether the account exists.
   * `address` is where the visitor calls from: whoever tries many accounts from one network is slowed down too.
   */
  signIn(
    input: { email: string; password: string },
    guest: BuyerId | null,
    address?: string | null,
    agent?: string
  ): Promise<SignedIn | Refusal>;
  signOut(token: string): Promise<void>;
  /** All sessions of the user but the one with this token: here at once, on other nodes within 5 s. */
  endSessions(user: UserId, except: string | null): Promise<void>;
  /** What this node remembers of the user is read anew. */
  forget(user: UserId): void;
  /** The id under which a session is stored. */
  sessionId(token: string): string;
  /** For programs. */
  readonly tokens: ApiTokens;
  /** `sessionToken` may be an API token too. */
  identify(credentials: { sessionToken?: string | null; buyerToken?: string | null }): Promise<Identity>;
  issueBuyer(): { buyer: BuyerId; token: string };
  verifyBuyer(token: string): BuyerId | null;
  /** The network that an address is counted for; null when it is not a public one. */
  networkOf(address: string | null): string | null;
}

export function createAccounts(parts: {
  db: Database;
  config: Config;
  log: Logger;
  passwords?: Passwords;
  /** A session was signed out of, by its stored id: what it had open closes. */
  sessionEnded?: (id: string) => void;
}): Accounts {
  const { db, config } = parts;
  const log = parts.log.child({ part: 'accounts' });
  const passwords = parts.passwords ?? createPasswords();
  const sessions = createSessions(db);
  const buyers = createBuyerTokens(config.secret);
  const believed = believe((token) => sessions.validate(token));
  const tokens = createApiTokens(db);
  const wrongPasswords = createWrongPasswords();

  const begin = async (user: User, guest: BuyerId | null, agent: string): Promise<SignedIn> => ({
    user,
    ...(await sessions.create(user.id, guest, agent))
  });

  function forget(user: UserId) {
    believed.forget((session) => session?.user.id === user);
    tokens.forget(user);
  }

  async function check(account: string, password: string): Promise<{ user: User; suspended: boolean } | null> {
    const found = await db.query<User & { password_hash: string; suspended: boolean }>(
      `select id, email, name, role, password_hash, suspended_at is not null as suspended
         from app_user where lower(email) = $1`,
      [account]
    );
    const row = found.rows[0];
    const fits = await passwords.verify(row?.password_hash ?? null, password);
    if (!fits || !row) return null;
    return { user: { id: row.id, email: row.email, name: row.name, role: row.role }, suspended: row.suspended };
  }

  async function identifyProgram(text: string): Promise<Identity> {
    try {
      const holder = await tokens.recognise(text);
      if (isRefusal(holder)) return { ...NOBODY, refused: holder };
      const { user, apiToken } = holder;
      return { ...NOBODY, user, buyer: buyerOfUser(user.id), apiToken: { ...apiToken, text } };
    } catch (error) {
      if (!isUnavailable(error)) throw error;
      return { ...NOBODY, refused: busy() };
    }
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
    signUp: ({ email, password, name }, guest, agent = '') =>
      guarded(async () => {
        const refusal = guessable(password, email);
        if (refusal) return refusal;
        const user: User = { id: randomUUID(), email: email.toLowerCase(), name, role: 'customer' };
        const hash = await passwords.hash(password);
        try {
          await db.query(
            `insert into app_user (id, email, name, password_hash, language) values ($1, $2, $3, $4, $5)`,
            [user.id, user.email, name, hash, currentLanguage()]
          );
        } catch (error) {
          if (violatedConstraint(error) !== 'one_account_per_email') throw error;
          return refuse('EMAIL_TAKEN', m.email_taken(), {
            errors: [{ path: 'email', message: 'has an account already' }]
          });
        }
        return begin(user, guest, agent);
      }),

    signIn: ({ email, password }, guest, address, agent = '') =>
      guarded(async () => {
        const account = email.toLowerCase();
        const network = networkOf(address);
        const seconds = wrongPasswords.tried(account, network);
        if (seconds > 0) {
          const words = m.too_many_wrong({ wait: waitInWords(seconds) });
          return refuse('RATE_LIMITED', words, { retryAfter: seconds });
        }
        const found = await check(account, password).catch((error: unknown) => {
          wrongPasswords.unchecked(account, network);
          throw error;
        });
        if (!found) return refuse('BAD_CREDENTIALS', m.wrong_password());
        wrongPasswords.right(account, network);
        return found.suspended ? suspended() : begin(found.user, guest, agent);
      }),

    async signOut(token) {
      believed.know(token, null);
      await sessions.end(token);
      parts.sessionEnded?.(hashToken(token));
    },

    async endSessions(user, except) {
      await sessions.endAll(user, except);
      forget(user);
    },

    forget,
    tokens,
    sessionId: hashToken,

    async identify({ sessionToken, buyerToken }) {
      if (sessionToken && looksLikeApiToken(sessionToken)) return identifyProgram(sessionToken);
      const guest = buyerToken ? buyers.verify(buyerToken) : null;
      if (sessionToken) {
        try {
          const session = await believed.of(sessionToken);
          if (session) {
            const { user, language } = session;
            const buyer = buyerOfUser(user.id);
            return { ...NOBODY, user, buyer, guest: guest ?? session.guest, sessionToken, language };
          }
        } catch (error) {
          if (!isUnavailable(error)) throw error;
          // Nobody can be recognised now; who came as a guest can go on as one.
          log.warn('Postgres is away: sessions cannot be checked');
          return { ...NOBODY, buyer: guest, guest, unchecked: true };
        }
      }
      return { ...NOBODY, buyer: guest, guest };
    },

    issueBuyer: buyers.issue,
    verifyBuyer: buyers.verify,
    networkOf
  };
}
