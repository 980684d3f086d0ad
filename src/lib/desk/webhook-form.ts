import * as m from '#domain/messages/compiled/desk_forms.js';
import { WEBHOOK_EVENTS, webhookBody, webhookPatch, type WebhookEvent } from '#domain/webhooks.ts';
import { spoken } from '$lib/forms/spoken.ts';
import { textForm, type Typed } from '$lib/forms/text-form.ts';
import { eventInWords } from './link-words.ts';
import type { Endpoint } from '../../../server/webhooks/endpoints.ts';

/** A webhook as it is typed: its events are checkboxes. */
const events = Object.keys(WEBHOOK_EVENTS) as WebhookEvent[];
const field = (event: WebhookEvent) => `event-${event}`;
export const eventOptions = () =>
  events.map((event) => ({ field: field(event), label: event, about: eventInWords(event) }));
export const activeOptions = () => [
  { value: 'on', label: m.switched_on() },
  { value: 'off', label: m.switched_off() }
];

const labels = spoken({ name: m.name, url: m.address, active: m.state, events: m.events });
const read = (values: Typed) => ({
  ...{ name: values['name'] ?? '', url: values['url'] ?? '', active: values['active'] !== 'off' },
  events: events.filter((event) => (values[field(event)] ?? '') !== '')
});
const hidden = events.map(field);

export const newWebhookForm = textForm({ labels, hidden, body: webhookBody, read });
export const webhookForm = textForm({
  ...{ labels, hidden: ['version', ...hidden], read },
  body: webhookPatch.omit({ version: true })
});

export const webhookValues = (endpoint: Endpoint): Typed => ({
  ...{ name: endpoint.name, url: endpoint.url, active: endpoint.active ? 'on' : 'off' },
  ...Object.fromEntries(endpoint.events.map((event) => [field(event), 'on'])),
  version: String(endpoint.version)
});
