import { signUpForm } from '$lib/forms/account-forms.ts';
import { accountPage, agentOf } from '$lib/server/account-page.ts';

const page = accountPage(signUpForm, 'sign-up', (event, body, buyer) =>
  event.locals.app.accounts.signUp(body, buyer, agentOf(event))
);
export const load = page.load;
export const actions = { default: page.action };
