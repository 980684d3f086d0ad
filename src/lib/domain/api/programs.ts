import { z } from 'zod';
import { apiTokenBody } from '#domain/api-tokens.ts';
import { scope } from '#domain/scopes.ts';
import { deliveriesQuery, webhookBody, webhookEvent, webhookPatch } from '#domain/webhooks.ts';
import { count, page, text, time } from './fields.ts';
import { named } from './named.ts';
import type { Operations } from './operation.ts';

/** What programs come with, and where they are told what happens. */
const owner = z.object({ id: z.uuid(), name: text });

const token = z.object({
  ...{ id: text, name: text, scopes: z.array(scope), prefix: text.describe('How the token begins'), owner },
  ...{ createdAt: time, expiresAt: time, lastUsedAt: time.nullable().describe('The hour'), revokedAt: time.nullable() },
  state: z.enum(['good', 'expired', 'revoked'])
});
named('ApiToken', token);

const endpoint = z.object({
  ...{ id: text, name: text, url: text, events: z.array(webhookEvent), active: z.boolean(), owner },
  failingSince: time.nullable().describe('No message has arrived since'),
  disabledAt: time.nullable().describe('When it was switched off, because it failed for so long'),
  ...{ rotatedAt: time.nullable(), version: count, createdAt: time }
});
named('WebhookEndpoint', endpoint);
const withSecret = endpoint.extend({ secret: text.describe('In this answer and nowhere else') });

const delivery = z.object({
  ...{
    id: z.uuid().describe('The `webhook-id` of every try'),
    type: text,
    state: z.enum(['WAITING', 'DONE', 'FAILED'])
  },
  ...{ attempts: count, createdAt: time, triedAt: time.nullable(), nextAt: time.nullable() },
  status: count.nullable().describe('Of the answer to the last try'),
  tookMs: count.nullable(),
  answer: text.nullable().describe('How it began'),
  ...{ error: text.nullable(), body: text }
});
named('WebhookDelivery', delivery);

const who = 'manager';
const tokens = { tag: 'Accounts', who } as const;
const hooks = { tag: 'Webhooks', who } as const;

export const programOperations = {
  'GET /me/tokens': {
    ...{ ...tokens, id: 'listTokens', summary: 'API tokens; to admins everybody’s' },
    answers: { 200: z.object({ items: z.array(token) }) }
  },
  'POST /me/tokens': {
    ...{ ...tokens, id: 'createToken', summary: 'Make an API token', body: apiTokenBody },
    description: 'No token may call this. The token itself is in this answer and nowhere else.',
    answers: { 201: token.extend({ text: text.describe('The token, for `Authorization: Bearer`') }) },
    refuses: ['LIMIT_REACHED']
  },
  'DELETE /me/tokens/{id}': {
    ...{ ...tokens, id: 'revokeToken', summary: 'Revoke an API token' },
    answers: { 200: token }
  },
  'GET /webhook-endpoints': {
    ...{ ...hooks, id: 'listWebhooks', summary: 'Where messages go' },
    answers: { 200: z.object({ items: z.array(endpoint) }) }
  },
  'POST /webhook-endpoints': {
    ...{ ...hooks, id: 'createWebhook', summary: 'Have messages sent to an address', body: webhookBody },
    answers: { 201: withSecret },
    refuses: ['LIMIT_REACHED']
  },
  'GET /webhook-endpoints/{id}': {
    ...{ ...hooks, id: 'getWebhook', summary: 'One of them' },
    answers: { 200: endpoint }
  },
  'PATCH /webhook-endpoints/{id}': {
    ...{ ...hooks, id: 'updateWebhook', summary: 'Change it, or switch it on or off', body: webhookPatch },
    answers: { 200: endpoint },
    refuses: ['CHANGED_MEANWHILE']
  },
  'DELETE /webhook-endpoints/{id}': {
    ...{ ...hooks, id: 'deleteWebhook', summary: 'Delete it with its log' },
    answers: { 204: null }
  },
  'POST /webhook-endpoints/{id}/secret': {
    ...{ ...hooks, id: 'rotateWebhookSecret', summary: 'Another secret; the one before is good for a day more' },
    answers: { 200: withSecret }
  },
  'POST /webhook-endpoints/{id}/test': {
    ...{ ...hooks, id: 'testWebhook', summary: 'Send a message that says nothing' },
    answers: { 202: z.object({ deliveryId: z.uuid() }) },
    refuses: ['CHANGED_MEANWHILE', 'LIMIT_REACHED']
  },
  'GET /webhook-endpoints/{id}/deliveries': {
    ...{ ...hooks, id: 'listDeliveries', summary: 'What became of its messages', query: deliveriesQuery },
    answers: { 200: page(delivery) }
  },
  'POST /webhook-endpoints/{id}/deliveries/{delivery}/replay': {
    ...{ ...hooks, id: 'replayDelivery', summary: 'The same message once more, under its id' },
    answers: { 202: z.object({ accepted: z.literal(true) }) },
    refuses: ['CHANGED_MEANWHILE']
  }
} as const satisfies Operations;
