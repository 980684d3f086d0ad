import { apiTokenBody } from '#domain/api-tokens.ts';
import { SCOPES, type Scope } from '#domain/scopes.ts';
import { numberIn, textForm } from '$lib/forms/text-form.ts';

/** A new API token as it is typed: its scopes are checkboxes. */
export const scopeField = (scope: Scope) => `scope-${scope}`;
export const scopes = Object.keys(SCOPES) as Scope[];
export const DAYS = [
  { value: '7', label: '7 days' },
  { value: '30', label: '30 days' },
  { value: '90', label: '90 days' },
  { value: '180', label: '180 days' },
  { value: '365', label: 'a year' }
];

export const tokenForm = textForm({
  labels: { name: 'Name', days: 'Good for', scopes: 'Scopes' },
  ...{ hidden: scopes.map(scopeField), body: apiTokenBody },
  read: (values) => ({
    ...{ name: values['name'] ?? '', days: numberIn(values['days']) },
    scopes: scopes.filter((scope) => (values[scopeField(scope)] ?? '') !== '')
  })
});
