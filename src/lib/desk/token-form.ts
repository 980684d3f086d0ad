import * as m from '#domain/messages/compiled/desk_forms.js';
import { apiTokenBody } from '#domain/api-tokens.ts';
import { SCOPES, type Scope } from '#domain/scopes.ts';
import { spoken } from '$lib/forms/spoken.ts';
import { numberIn, textForm } from '$lib/forms/text-form.ts';

/** A new API token as it is typed: its scopes are checkboxes. */
export const scopeField = (scope: Scope) => `scope-${scope}`;
export const scopes = Object.keys(SCOPES) as Scope[];
export const dayOptions = () => [
  ...[7, 30, 90, 180].map((count) => ({ value: String(count), label: m.days({ count }) })),
  { value: '365', label: m.a_year() }
];

export const tokenForm = textForm({
  labels: spoken({ name: m.name, days: m.good_for, scopes: m.scopes }),
  ...{ hidden: scopes.map(scopeField), body: apiTokenBody },
  read: (values) => ({
    ...{ name: values['name'] ?? '', days: numberIn(values['days']) },
    scopes: scopes.filter((scope) => (values[scopeField(scope)] ?? '') !== '')
  })
});
