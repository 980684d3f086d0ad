import { signUpForm } from '$lib/forms/account-forms.ts';
import { accountPage } from '$lib/server/account-page.ts';

const page = accountPage(signUpForm, 'sign-up', (event, body, buyer) => event.locals.app.accounts.signUp(body, buyer));
export const load = page.load;
export const actions = { default: page.action };
