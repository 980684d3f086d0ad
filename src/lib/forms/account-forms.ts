import { signInBody, signUpBody } from '#domain/protocol.ts';
import { textForm } from './text-form.ts';

const labels = { email: 'E-mail', password: 'Password' };

export const signInForm = textForm({ labels, hidden: [], body: signInBody, read: (values) => values });
export const signUpForm = textForm({
  labels: { name: 'Name', ...labels },
  ...{ hidden: [], body: signUpBody, read: (values) => values }
});
