import { spoken } from './spoken.ts';
import * as m from '#domain/messages/compiled/account.js';
import {
  changeEmailBody,
  changePasswordBody,
  confirmEmailBody,
  forgottenBody,
  leaveBody,
  nameBody,
  newPasswordBody
} from '#domain/account.ts';
import { signInBody, signUpBody } from '#domain/protocol.ts';
import { textForm } from './text-form.ts';

const labels = spoken({ email: m.email, password: m.password });

export const signInForm = textForm({ labels, hidden: [], body: signInBody, read: (values) => values });
export const signUpForm = textForm({
  labels: spoken({ name: m.name, email: m.email, password: m.password }),
  ...{ hidden: [], body: signUpBody, read: (values) => values }
});

export const forgottenForm = textForm({
  labels: spoken({ email: m.email }),
  ...{ hidden: [], body: forgottenBody, read: (values) => values }
});
/** With the link from the mail. */
export const newPasswordForm = textForm({
  labels: spoken({ password: m.new_password }),
  ...{ hidden: ['token'], body: newPasswordBody, read: (values) => values }
});
export const confirmEmailForm = textForm({
  labels: {},
  ...{ hidden: ['token'], body: confirmEmailBody, read: (values) => values }
});

/**
 * The forms of one's own account stand on one page, so the password that each asks for has a name of its own. All
 * these names say that they are passwords: nothing called so is ever sent back to the page.
 */
export const nameForm = textForm({
  labels: spoken({ name: m.name }),
  ...{ hidden: [], body: nameBody, read: (values) => values }
});
const askedAs = (field: string) => (path: string) => (path === 'current' ? field : path);
export const emailForm = textForm({
  labels: spoken({ email: m.new_email_label, emailPassword: m.your_password }),
  ...{ hidden: [], body: changeEmailBody },
  read: ({ email, emailPassword }) => ({ email, current: emailPassword }),
  rename: askedAs('emailPassword')
});
export const passwordForm = textForm({
  labels: spoken({ oldPassword: m.old_password, password: m.new_password }),
  ...{ hidden: [], body: changePasswordBody },
  read: ({ oldPassword, password }) => ({ current: oldPassword, password }),
  rename: askedAs('oldPassword')
});
export const leaveForm = textForm({
  labels: spoken({ leavePassword: m.your_password }),
  ...{ hidden: [], body: leaveBody },
  read: ({ leavePassword }) => ({ current: leavePassword }),
  rename: askedAs('leavePassword')
});
