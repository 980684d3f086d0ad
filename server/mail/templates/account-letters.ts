import { accountLetter } from './account.ts';

/** The four mails about an account, each with its words. Links are made by whoever sends them. */

export const passwordResetLetter = (mail: { name: string; url: string }) =>
  accountLetter({
    name: mail.name,
    title: 'Choose a new password',
    says: 'Somebody, probably you, asked for a new password for your account. The link works once, for an hour.',
    button: { label: 'Choose a new password', url: mail.url },
    after: 'If it was not you, do nothing: your password stays as it is.'
  });

export const passwordChangedLetter = (mail: { name: string; url: string }) =>
  accountLetter({
    name: mail.name,
    title: 'Your password was changed',
    says: 'The password of your account was changed a moment ago, and all other places were signed out.',
    button: { label: 'It was not me', url: mail.url },
    after: 'If it was you, there is nothing to do.'
  });

export const emailConfirmLetter = (mail: { name: string; url: string }) =>
  accountLetter({
    name: mail.name,
    title: 'Confirm your new e-mail address',
    says: 'Open this link to use this address for your account. It works once, for a day.',
    button: { label: 'Use this address', url: mail.url },
    after: 'If you did not ask for this, do nothing.'
  });

export const emailChangedLetter = (mail: { name: string; address: string; url: string }) =>
  accountLetter({
    name: mail.name,
    title: 'Your e-mail address was changed',
    says: `Your account now uses ${mail.address}. Mails about your bookings go there from now on.`,
    button: { label: 'See your account', url: mail.url },
    after: 'If it was not you, tell whoever runs this site at once.'
  });
