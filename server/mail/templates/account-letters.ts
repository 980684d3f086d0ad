import * as m from '#domain/messages/compiled/mail.js';
import { accountLetter } from './account.ts';

/** The four mails about an account, each with its words. Links are made by whoever sends them. */

export const passwordResetLetter = (mail: { name: string; url: string }) =>
  accountLetter({
    name: mail.name,
    title: m.reset_title(),
    says: m.reset_says(),
    button: { label: m.reset_button(), url: mail.url },
    after: m.reset_after()
  });

export const passwordChangedLetter = (mail: { name: string; url: string }) =>
  accountLetter({
    name: mail.name,
    title: m.password_changed_title(),
    says: m.password_changed_says(),
    button: { label: m.password_changed_button(), url: mail.url },
    after: m.password_changed_after()
  });

export const emailConfirmLetter = (mail: { name: string; url: string }) =>
  accountLetter({
    name: mail.name,
    title: m.email_confirm_title(),
    says: m.email_confirm_says(),
    button: { label: m.email_confirm_button(), url: mail.url },
    after: m.email_confirm_after()
  });

export const emailChangedLetter = (mail: { name: string; address: string; url: string }) =>
  accountLetter({
    name: mail.name,
    title: m.email_changed_title(),
    says: m.email_changed_says({ address: mail.address }),
    button: { label: m.email_changed_button(), url: mail.url },
    after: m.email_changed_after()
  });
