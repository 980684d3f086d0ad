import type { UserId } from '#domain/ids.ts';
import { languageOf } from '#domain/language.ts';
import { createLinks } from '../accounts/links.ts';
import type { Config } from '../config.ts';
import type { Database } from '../db/database.ts';
import { speak } from '../language.ts';
import type { Logger } from '../log.ts';
import { cleanText, recipientOf } from './addresses.ts';
import {
  emailChangedLetter,
  emailConfirmLetter,
  passwordChangedLetter,
  passwordResetLetter
} from './templates/account-letters.ts';
import type { Letter, Transport } from './transport.ts';

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
  const { origin } = config;
  const links = createLinks(config.secret);

  async function write(
    dedupeKey: string,
    to: { name: string; address: string | null; language: string | null },
    letterFor: (name: string) => Letter
  ): Promise<void> {
    if (await transport.isDone(dedupeKey)) return;
    const recipient = to.address === null ? null : recipientOf(to.name, to.address);
    if (recipient) {
      const letter = speak(languageOf(to.language), () => letterFor(cleanText(to.name)));
      await transport.send({ dedupeKey, to: recipient, letter });
    } else log.warn({ dedupeKey }, 'an account has no usable mail address');
  }

  /** Null when the account is gone, or the link was used up before its mail went out: then nobody waits for it. */
  async function linked(linkId: string) {
    const found = await db.query<{
      name: string;
      language: string | null;
      account: string;
      email: string | null;
      old_email: string | null;
      open: boolean;
    }>(
      `select u.name, u.language, u.email as account, l.email, l.old_email, l.used_at is null and l.expires_at > now() as open
         from account_link l join app_user u on u.id = l.user_id where l.id = $1 and u.deleted_at is null`,
      [linkId]
    );
    return found.rows[0] ?? null;
  }

  return {
    async passwordReset(linkId) {
      const link = await linked(linkId);
      if (!link?.open) return;
      const url = `${origin}/reset-password?token=${links.tokenOf(linkId)}`;
      await write(`password-reset:${linkId}`, { ...link, address: link.account }, (name) =>
        passwordResetLetter({ name, url })
      );
    },

    async passwordChanged(user, changeId) {
      const found = await db.query<{ name: string; address: string; language: string | null }>(
        'select name, email as address, language from app_user where id = $1 and deleted_at is null',
        [user]
      );
      const [account] = found.rows;
      if (!account) return;
      await write(`password-changed:${changeId}`, account, (name) =>
        passwordChangedLetter({ name, url: `${origin}/forgot-password` })
      );
    },

    async emailConfirm(linkId) {
      const link = await linked(linkId);
      if (!link?.open) return;
      const url = `${origin}/confirm-email?token=${links.tokenOf(linkId)}`;
      await write(`email-confirm:${linkId}`, { ...link, address: link.email }, (name) =>
        emailConfirmLetter({ name, url })
      );
    },

    async emailChanged(linkId) {
      const link = await linked(linkId);
      if (!link) return;
      await write(`email-changed:${linkId}`, { ...link, address: link.old_email }, (name) =>
        emailChangedLetter({ name, address: link.account, url: `${origin}/account` })
      );
    }
  };
}
