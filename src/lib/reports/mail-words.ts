import * as m from '#domain/messages/compiled/desk_home.js';

/** Mails by their codes. */
const MAILS: Readonly<Record<string, () => string>> = {
  confirmation: m.mail_confirmation,
  'confirmation-again': m.mail_confirmation_again,
  'payment-failed': m.mail_payment_failed,
  cancelled: m.mail_cancelled,
  refund: m.mail_refund,
  'refund-due': m.mail_refund_due,
  'show-changed': m.mail_show_changed,
  reminder: m.mail_reminder,
  moved: m.mail_moved
};

export const mailInWords = (what: string): string => MAILS[what]?.() ?? what.replaceAll('-', ' ');
