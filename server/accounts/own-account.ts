import * as m from '#domain/messages/compiled/refusals.js';
import { setTimeout as sleep } from 'node:timers/promises';
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import type { UserId } from '#domain/ids.ts';
import type { Language } from '#domain/language.ts';
import { busy, isRefusal, refuse, type Refusal } from '#domain/refusal.ts';
import { enqueue } from '../booking/outbox.ts';
import type { Config } from '../config.ts';
import { isUnavailable, Rollback, violatedConstraint, type Database, type Sql } from '../db/database.ts';
import type { Accounts, User } from './accounts.ts';
import { guessable } from './common-passwords.ts';
import { exportAccount, type AccountExport } from './export-account.ts';
import { leave } from './leave.ts';
import { createLinks } from './links.ts';
import { networkOf } from './network.ts';
import { TooManyPasswords, type Passwords } from './passwords.ts';
import { createWrongPasswords } from './wrong-passwords.ts';

/** Where somebody is signed in. */
export interface OwnSession {
  /** Names the session without being its token. */
  id: string;
  agent: string;
  since: string;
  current: boolean;
}

/** What people do with their own account. Whatever gives it away for good asks for the password again. */
export interface OwnAccount {
  /** Sends a link if there is such an account, and says the same after the same time if not. Refuses RATE_LIMITED. */
  forgot(email: string, address: string | null): Promise<void | Refusal>;
  /** With the link from the mail: everybody who was signed in is signed out. Refuses INVALID, LINK_USED, BUSY. */
  resetPassword(token: string, password: string): Promise<void | Refusal>;
  /** Other places are signed out. Refuses INVALID, BAD_CREDENTIALS, RATE_LIMITED, BUSY. */
  changePassword(user: User, token: string, current: string, password: string): Promise<void | Refusal>;
  /** Sends a link to the new address; until it is opened nothing changes. Refuses as changePassword. */
  askForEmail(user: User, current: string, email: string): Promise<void | Refusal>;
  /** The link was opened. Refuses LINK_USED, EMAIL_TAKEN. */
  confirmEmail(token: string): Promise<{ email: string } | Refusal>;
  rename(user: User, name: string): Promise<void>;
  /** Mails about the account, and pages on every device where they chose no other, are in this language from now on. */
  chooseLanguage(user: User, language: Language): Promise<void>;
  sessions(user: User, token: string): Promise<OwnSession[]>;
  /** Refuses NOT_FOUND. */
  endSession(user: User, id: string): Promise<void | Refusal>;
  /** All of them, this one too; open sockets close on every node. */
  signOutEverywhere(user: User): Promise<void>;
  export(user: User): Promise<AccountExport>;
  /** For good. Refuses HAS_BOOKINGS, FORBIDDEN (who sells cannot leave), BAD_CREDENTIALS, RATE_LIMITED, BUSY. */
  leave(user: User, current: string): Promise<void | Refusal>;
}

const HOUR_S = 3600;
/** Mails to one mailbox, and asked for from one network, in an hour. */
const MAILS_TO_ONE = 3;
const MAILS_FROM_NETWORK = 30;
const SHOWN_OF_ID = 16;
/** Asking for a link takes this long (ms) and no less: writing one takes longer than finding that there is no account. */
const ASKED_MS = 250;

const linkUsed = () => refuse('LINK_USED', m.link_used());

export function createOwnAccount(parts: {
  db: Database;
  config: Config;
  accounts: Accounts;
  passwords: Passwords;
  /** Open sockets of the user close, on every node. */
  closeSockets: (user: UserId) => void;
  wakeRelay: () => void;
}): OwnAccount {
  const { db, config, accounts, passwords, closeSockets, wakeRelay } = parts;
  const links = createLinks(config.secret);
  const wrongPasswords = createWrongPasswords();
  const mailsTo = new RateLimiterMemory({ points: MAILS_TO_ONE, duration: HOUR_S });
  const mailsFrom = new RateLimiterMemory({ points: MAILS_FROM_NETWORK, duration: HOUR_S });

  async function mayMail(email: string, address: string | null): Promise<void | Refusal> {
    const network = networkOf(address);
    try {
      if (network !== null) await mailsFrom.consume(network);
      await mailsTo.consume(email);
    } catch (error) {
      if (!(error instanceof RateLimiterRes)) throw error;
      const retryAfter = Math.ceil(error.msBeforeNext / 1000);
      const minutes = Math.ceil(retryAfter / 60);
      return refuse('RATE_LIMITED', m.mails_sent({ wait: m.wait_minutes({ count: minutes }) }), {
        retryAfter
      });
    }
  }

  /** It is really them, not somebody who found their browser open. */
  async function knows(sql: Sql, user: User, current: string): Promise<void | Refusal> {
    const seconds = wrongPasswords.tried(user.id, null);
    if (seconds > 0)
      return refuse('RATE_LIMITED', m.too_many_wrong({ wait: m.wait_seconds({ count: seconds }) }), {
        retryAfter: seconds
      });
    const found = await sql.query<{ hash: string }>('select password_hash as hash from app_user where id = $1', [
      user.id
    ]);
    let fits: boolean;
    try {
      fits = await passwords.verify(found.rows[0]?.hash ?? null, current);
    } catch (error) {
      wrongPasswords.unchecked(user.id, null);
      throw error;
    }
    if (!fits) {
      return refuse('BAD_CREDENTIALS', m.not_your_password(), {
        errors: [{ path: 'current', message: 'is not the right one' }]
      });
    }
    wrongPasswords.right(user.id, null);
  }

  async function orBusy<T>(work: () => Promise<T | Refusal>): Promise<T | Refusal> {
    try {
      return await work();
    } catch (error) {
      if (error instanceof TooManyPasswords || isUnavailable(error)) return busy();
      throw error;
    }
  }

  const store = (sql: Sql, user: UserId, hash: string) =>
    sql.query('update app_user set password_hash = $2 where id = $1', [user, hash]);

  async function signOut(user: UserId, except: string | null = null) {
    await accounts.endSessions(user, except);
    closeSockets(user);
  }

  return {
    async forgot(email, address) {
      const account = email.toLowerCase();
      const tooMany = await mayMail(account, address);
      if (tooMany) return tooMany;
      const noSooner = sleep(ASKED_MS);
      await db.transaction(async (sql) => {
        const found = await sql.query<{ id: UserId }>(
          'select id from app_user where lower(email) = $1 and deleted_at is null',
          [account]
        );
        const [user] = found.rows;
        if (!user) return;
        const linkId = await links.make(sql, user.id, 'password');
        await enqueue(sql, 'mail.password-reset', { linkId }, { dedupeKey: linkId });
      });
      wakeRelay();
      await noSooner;
    },

    resetPassword: (token, password) =>
      orBusy(async () => {
        const weak = guessable(password);
        if (weak) return weak;
        const hash = await passwords.hash(password);
        const user = await db.transaction(async (sql) => {
          const link = await links.use(sql, token, 'password');
          if (!link) return null;
          await store(sql, link.user, hash);
          await enqueue(sql, 'mail.password-changed', { userId: link.user, changeId: link.id }, { dedupeKey: link.id });
          return link.user;
        });
        if (user === null) return linkUsed();
        await signOut(user);
        wakeRelay();
      }),

    changePassword: (user, token, current, password) =>
      orBusy(async () => {
        const wrong = guessable(password, user.email) ?? (await knows(db, user, current));
        if (wrong) return wrong;
        const hash = await passwords.hash(password);
        const changeId = crypto.randomUUID();
        await db.transaction(async (sql) => {
          await store(sql, user.id, hash);
          await enqueue(sql, 'mail.password-changed', { userId: user.id, changeId }, { dedupeKey: changeId });
        });
        await signOut(user.id, token);
        wakeRelay();
      }),

    askForEmail: (user, current, email) =>
      orBusy(async () => {
        const wrong = (await knows(db, user, current)) ?? (await mayMail(email.toLowerCase(), null));
        if (wrong) return wrong;
        await db.transaction(async (sql) => {
          const linkId = await links.make(sql, user.id, 'email', email.toLowerCase());
          await enqueue(sql, 'mail.email-confirm', { linkId }, { dedupeKey: linkId });
        });
        wakeRelay();
      }),

    async confirmEmail(token) {
      try {
        const changed = await db.transaction(async (sql) => {
          const link = await links.use(sql, token, 'email');
          if (!link?.email) return null;
          await sql.query(
            `with before as (select email from app_user where id = $2 for update)
             update account_link set old_email = before.email from before where id = $1`,
            [link.id, link.user]
          );
          await sql.query('update app_user set email = $2 where id = $1', [link.user, link.email]);
          await enqueue(sql, 'mail.email-changed', { linkId: link.id }, { dedupeKey: link.id });
          return { user: link.user, email: link.email };
        });
        if (!changed) return linkUsed();
        accounts.forget(changed.user);
        wakeRelay();
        return { email: changed.email };
      } catch (error) {
        if (violatedConstraint(error) !== 'one_account_per_email') throw error;
        return refuse('EMAIL_TAKEN', m.email_taken_meanwhile());
      }
    },

    async rename(user, name) {
      await db.query('update app_user set name = $2 where id = $1', [user.id, name]);
      accounts.forget(user.id);
    },

    async chooseLanguage(user, language) {
      await db.query('update app_user set language = $2 where id = $1', [user.id, language]);
      accounts.forget(user.id);
    },

    async sessions(user, token) {
      const { rows } = await db.query<{ id: string; agent: string; created_at: Date }>(
        `select id, agent, created_at from user_session where user_id = $1 and expires_at > now()
          order by created_at desc limit 100`,
        [user.id]
      );
      const current = accounts.sessionId(token);
      return rows.map(({ id, agent, created_at }) => ({
        ...{ id: id.slice(0, SHOWN_OF_ID), agent, since: created_at.toISOString(), current: id === current }
      }));
    },

    async endSession(user, id) {
      const gone = await db.query('delete from user_session where user_id = $1 and left(id, $3) = $2', [
        ...[user.id, id, SHOWN_OF_ID]
      ]);
      if (gone.rowCount === 0) return refuse('NOT_FOUND', m.session_ended());
      accounts.forget(user.id);
      closeSockets(user.id);
    },

    signOutEverywhere: (user) => signOut(user.id),
    export: (user) => exportAccount(db, user.id),

    leave: (user, current) =>
      orBusy(async () => {
        const refusal = await db.transaction(async (sql): Promise<Refusal | null> => {
          const wrong = (await knows(sql, user, current)) ?? (await leave(sql, user));
          if (isRefusal(wrong)) throw new Rollback<Refusal | null>(wrong);
          return null;
        });
        if (refusal) return refusal;
        accounts.forget(user.id);
        closeSockets(user.id);
      })
  };
}
