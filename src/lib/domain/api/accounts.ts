import { z } from 'zod';
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
import { userRole } from '#domain/reports.ts';
import { amount, count, currency, text, time, zone } from './fields.ts';
import { named } from './named.ts';
import type { Operations } from './operation.ts';

/** Who somebody is: buyer tokens, signing in, one's own account. */
export const user = named('User', z.object({ id: z.uuid(), email: text, name: text, role: userRole }));

export const ownSession = named(
  'Session',
  z.object({
    id: text.describe('Names the session without being its token'),
    agent: text,
    since: time,
    current: z.boolean()
  })
);

const sent = z.object({ sent: z.literal(true) });
const signedIn = z.object({ user, token: text.describe('For `Authorization: Bearer`') });

const bookingExport = named(
  'ExportedBooking',
  z.object({
    ...{ id: z.uuid(), status: text, madeAt: time, event: text, venue: text, room: text.nullable(), startsAt: time },
    ...{ timeZone: zone, total: amount, currency },
    seats: z.array(
      z.object({
        ...{ seat: text, ticketType: text.nullable(), price: amount, discount: amount, fees: amount, tax: amount },
        ...{ attendee: text.nullable(), live: z.boolean() }
      })
    ),
    payments: z.array(z.object({ gateway: text, status: text, amount, at: time })).nullable(),
    tickets: z.array(z.object({ id: z.uuid(), checkedInAt: time.nullable(), voidAt: time.nullable() })).nullable()
  })
);

export const accountExport = named(
  'AccountExport',
  z.object({
    account: z.object({ id: z.uuid(), email: text, name: text, role: userRole, createdAt: time }),
    sessions: z.array(z.object({ since: time, until: time, agent: text })),
    bookings: z.array(bookingExport),
    waiting: z.array(
      z.object({
        ...{ show: text, event: text, startsAt: time, seats: count, state: text, since: time },
        ...{ offeredAt: time.nullable(), endedAt: time.nullable() }
      })
    ),
    apiTokens: z.array(
      z.object({
        ...{ name: text, scopes: z.array(text), since: time, until: time },
        ...{ lastUsedAt: time.nullable(), revokedAt: time.nullable() }
      })
    ),
    mails: z.array(z.object({ kind: text, sentAt: time.nullable() }))
  })
);

const tag = 'Accounts';

export const accountOperations = {
  'POST /buyers': {
    ...{ id: 'issueBuyerToken', tag, summary: 'Become a guest who can hold seats', who: 'anyone' },
    description: 'The token goes into `X-Buyer-Token`; browsers get it as a cookie too.',
    answers: { 201: z.object({ token: text }) }
  },
  'POST /auth/signup': {
    ...{ id: 'signUp', tag, summary: 'Open an account', who: 'anyone', body: signUpBody },
    answers: { 201: signedIn },
    refuses: ['EMAIL_TAKEN']
  },
  'POST /auth/login': {
    ...{ id: 'signIn', tag, summary: 'Sign in', who: 'anyone', body: signInBody },
    answers: { 200: signedIn },
    refuses: ['BAD_CREDENTIALS', 'FORBIDDEN']
  },
  'POST /auth/logout': {
    ...{ id: 'signOut', tag, summary: 'End this session', who: 'user' },
    answers: { 204: null }
  },
  'POST /auth/password-reset': {
    ...{ id: 'forgotPassword', tag, summary: 'Ask for a link to choose a new password', who: 'anyone' },
    description: 'The answer is the same whether there is such an account.',
    body: forgottenBody,
    answers: { 202: sent }
  },
  'POST /auth/password': {
    ...{ id: 'resetPassword', tag, summary: 'Choose a new password with the link from the mail', who: 'anyone' },
    body: newPasswordBody,
    answers: { 204: null },
    refuses: ['LINK_USED']
  },
  'POST /auth/email': {
    ...{ id: 'confirmEmail', tag, summary: 'Confirm a new address with the link from the mail', who: 'anyone' },
    body: confirmEmailBody,
    answers: { 200: z.object({ email: text }) },
    refuses: ['LINK_USED', 'EMAIL_TAKEN']
  },
  'GET /me': {
    ...{ id: 'getMe', tag, summary: 'Who you are', who: 'user' },
    answers: { 200: z.object({ user }) }
  },
  'PATCH /me': {
    ...{ id: 'renameMe', tag, summary: 'Change your name', who: 'user', body: nameBody },
    answers: { 200: z.object({ user }) }
  },
  'DELETE /me': {
    ...{ id: 'leave', tag, summary: 'Delete your account for good', who: 'user', body: leaveBody },
    answers: { 204: null },
    refuses: ['BAD_CREDENTIALS', 'HAS_BOOKINGS']
  },
  'POST /me/email': {
    ...{ id: 'changeEmail', tag, summary: 'Ask to change your address', who: 'user', body: changeEmailBody },
    description: 'A link goes to the new address; nothing changes until it is opened.',
    answers: { 202: sent },
    refuses: ['BAD_CREDENTIALS']
  },
  'POST /me/password': {
    ...{ id: 'changePassword', tag, summary: 'Change your password', who: 'user', body: changePasswordBody },
    description: 'Every other session ends.',
    answers: { 204: null },
    refuses: ['BAD_CREDENTIALS']
  },
  'GET /me/sessions': {
    ...{ id: 'listSessions', tag, summary: 'Where you are signed in', who: 'user' },
    answers: { 200: z.object({ items: z.array(ownSession) }) }
  },
  'DELETE /me/sessions': {
    ...{ id: 'signOutEverywhere', tag, summary: 'Sign out everywhere', who: 'user' },
    answers: { 204: null }
  },
  'DELETE /me/sessions/{id}': {
    ...{ id: 'endSession', tag, summary: 'Sign out in one place', who: 'user' },
    answers: { 204: null }
  },
  'GET /me/export': {
    ...{ id: 'exportMe', tag, summary: 'Everything we know of you, as a file', who: 'user' },
    answers: { 200: accountExport }
  }
} as const satisfies Operations;
