import * as m from '#domain/messages/compiled/account.js';
import { redirect, type RequestEvent } from '@sveltejs/kit';
import { isRefusal } from '#domain/refusal.ts';
import { emailForm, leaveForm, nameForm, passwordForm } from '$lib/forms/account-forms.ts';
import { clearSession } from '$lib/server/cookies.ts';
import { filled, refused, saved, sendBack, sent } from '$lib/server/text-forms.ts';
import type { Actions, PageServerLoad } from './$types';

/** Who is signed in, and where; everybody else signs in first. Asked by each action too. */
function own({ locals }: Pick<RequestEvent, 'locals'>) {
  const { user, sessionToken: token } = locals.identity;
  if (!user || token === null) redirect(303, '/sign-in?next=/account');
  return { user, token, account: locals.app.ownAccount };
}

export const load: PageServerLoad = async (event) => {
  const { user, token, account } = own(event);
  return {
    email: user.email,
    sells: user.role === 'organizer' || user.role === 'admin',
    sessions: await account.sessions(user, token),
    name: await filled(nameForm, { name: user.name }, 'name'),
    newEmail: await filled(emailForm, {}, 'email'),
    password: await filled(passwordForm, {}, 'password'),
    leave: await filled(leaveForm, {}, 'leave')
  };
};

export const actions: Actions = {
  name: async (event) => {
    const { user, account } = own(event);
    const { form, body } = await sent(event.request, nameForm, 'name');
    if (!body) return sendBack(form);
    await account.rename(user, body.name);
    event.locals.identity = { ...event.locals.identity, user: { ...user, name: body.name } };
    return saved(nameForm, body, 'name', m.saved());
  },

  email: async (event) => {
    const { user, account } = own(event);
    const { form, body } = await sent(event.request, emailForm, 'email');
    if (!body) return sendBack(form);
    const refusal = await account.askForEmail(user, body.current, body.email);
    if (isRefusal(refusal)) return refused(form, emailForm, refusal);
    const words = m.link_sent({ email: body.email });
    return saved(emailForm, {}, 'email', words);
  },

  password: async (event) => {
    const { user, token, account } = own(event);
    const { form, body } = await sent(event.request, passwordForm, 'password');
    if (!body) return sendBack(form);
    const refusal = await account.changePassword(user, token, body.current, body.password);
    if (isRefusal(refusal)) return refused(form, passwordForm, refusal);
    return saved(passwordForm, {}, 'password', m.password_changed());
  },

  end: async (event) => {
    const { user, token, account } = own(event);
    const id = (await event.request.formData()).get('session');
    const ended = (await account.sessions(user, token)).find((one) => one.id === id);
    // One that has ended already is no longer in the list that comes next: nothing to say.
    if (!ended) return;
    await account.endSession(user, ended.id);
    if (!ended.current) return;
    clearSession(event);
    redirect(303, '/sign-in?note=out');
  },

  everywhere: async (event) => {
    const { user, account } = own(event);
    await account.signOutEverywhere(user);
    clearSession(event);
    redirect(303, '/sign-in?note=everywhere');
  },

  leave: async (event) => {
    const { user, account } = own(event);
    const { form, body } = await sent(event.request, leaveForm, 'leave');
    if (!body) return sendBack(form);
    const refusal = await account.leave(user, body.current);
    if (isRefusal(refusal)) return refused(form, leaveForm, refusal);
    clearSession(event);
    redirect(303, '/sign-in?note=left');
  }
};
