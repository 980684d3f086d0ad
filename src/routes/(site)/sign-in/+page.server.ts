import { signInForm } from '$lib/forms/account-forms.ts';
import { accountPage, agentOf } from '$lib/server/account-page.ts';
import { clientAddress } from '$lib/server/client-address.ts';

const page = accountPage(signInForm, 'sign-in', (event, body, buyer) =>
  event.locals.app.accounts.signIn(body, buyer, clientAddress(event), agentOf(event))
);
export const load = page.load;
export const actions = { default: page.action };
