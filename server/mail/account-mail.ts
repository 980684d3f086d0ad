import type { UserId } from '#domain/ids.ts';
import { createLinks } from '../accounts/links.ts';
import type { Config } from '../config.ts';
import type { Database } from '../db/database.ts';
import type { Logger } from '../log.ts';
import { cleanText, recipientOf } from './addresses.ts';
import { accountLetter } from './templates/account.ts';
import type { Transport } from './transport.ts';

/** The mails about an account. What a job carries is only which link or account it is; all else is read anew. */
export interface AccountMail {
  passwordReset(linkId: string): Promise<void>;
  passwordChanged(user: UserId, changeId: string): Promise<void>;
  emailConfirm(linkId: string): Promise<void>;
  emailChanged(linkId: string): Promise<void>;
}

export function createAccountMail(parts: {
  db: Database;
  config: Config;
  log: Logger;
  transport: Transport;
}): AccountMail {
  const { db, config, log, transport } = parts;
  const links = createLinks(config.secret);

  async function write(
    dedupeKey: string,
    to: { name: string; address: string | null },
    letter: Parameters<typeof accountLetter>[0]
  ) {
    if (await transport.isDone(dedupeKey)) return;
    const recipient = to.address === null ? null : recipientOf(to.name, to.address);
    if (recipient) await transport.send({ dedupeKey, to: recipient, letter: accountLetter(letter) });
    else log.warn({ dedupeKey }, 'an account has no usable mail address');
  }

  /** Null when the account is gone, or the link was used up before its mail went out: then nobody waits for it. */
  async function linked(linkId: string) {
    const found = await db.query<{
      name: string;
      account: string;
      email: string | null;
      old_email: string | null;
      open: boolean;
    }>(
      `select u.name, u.email as account, l.email, l.old_email, l.used_at is null and l.expires_at > now() as open
         from account_link l join app_user u on u.id = l.user_id where l.id = $1 and u.deleted_at is null`,
      [linkId]
    );
    return found.rows[0] ?? null;
  }

  return {
    async passwordReset(linkId) {
      const link = await linked(linkId);
      if (!link?.open) return;
      await write(
        `password-reset:${linkId}`,
        { name: link.name, address: link.account },
        {
          name: cleanText(link.name),
          title: 'Choose a new password',
          says: 'Somebody, probably you, asked for a new password for your account. The link works once, for an hour.',
          button: {
            label: 'Choose a new password',
            url: `${config.origin}/reset-password?token=${links.tokenOf(linkId)}`
          },
          after: 'If it was not you, do nothing: your password stays as it is.'
        }
      );
    },

    async passwordChanged(user, changeId) {
      const found = await db.query<{ name: string; email: string }>(
        'select name, email from app_user where id = $1 and deleted_at is null',
        [user]
      );
      const [account] = found.rows;
      if (!account) return;
      await write(
        `password-changed:${changeId}`,
        { name: account.name, address: account.email },
        {
          name: cleanText(account.name),
          title: 'Your password was changed',
          says: 'The password of your account was changed a moment ago, and all other places were signed out.',
          button: { label: 'It was not me', url: `${config.origin}/forgot-password` },
          after: 'If it was you, there is nothing to do.'
        }
      );
    },

    async emailConfirm(linkId) {
      const link = await linked(linkId);
      if (!link?.open) return;
      await write(
        `email-confirm:${linkId}`,
        { name: link.name, address: link.email },
        {
          name: cleanText(link.name),
          title: 'Confirm your new e-mail address',
          says: 'Open this link to use this address for your account. It works once, for a day.',
          button: { label: 'Use this address', url: `${config.origin}/confirm-email?token=${links.tokenOf(linkId)}` },
          after: 'If you did not ask for this, do nothing.'
        }
      );
    },

    async emailChanged(linkId) {
      const link = await linked(linkId);
      if (!link) return;
      await write(
        `email-changed:${linkId}`,
        { name: link.name, address: link.old_email },
        {
          name: cleanText(link.name),
          title: 'Your e-mail address was changed',
          says: `Your account now uses ${link.account}. Mails about your bookings go there from now on.`,
          button: { label: 'See your account', url: `${config.origin}/account` },
          after: 'If it was not you, tell whoever runs this site at once.'
        }
      );
    }
  };
}
