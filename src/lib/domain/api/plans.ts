import { z } from 'zod';
import { planBody, planPatch, plansQuery, publishBody } from '#domain/catalog.ts';
import { catalogId } from '#domain/ids.ts';
import { draftBody, planDraft } from '#domain/plan-draft/draft.ts';
import { plan, planTier } from '#domain/plan.ts';
import { pretixFile } from '#domain/pretix/format.ts';
import { supplement } from '#domain/pretix/supplement.ts';
import { count, page, text, time, zone } from './fields.ts';
import { named } from './named.ts';
import type { Operations } from './operation.ts';

/** Seating plans: drafts, versions, files of pretix. */
const venue = z.object({ id: text, name: text, city: text, timeZone: zone });
const seatingPlan = named(
  'SeatingPlan',
  z.object({
    ...{ id: text, name: text, capacity: count },
    venue,
    room: text.nullable(),
    tiers: z.array(planTier),
    series: text.describe('All versions of one plan have the same'),
    number: count,
    ...{ version: count, published: z.boolean(), updatedAt: time }
  })
);

const planVersion = named(
  'PlanVersion',
  z.object({
    ...{ id: text, name: text, number: count, capacity: count, version: count },
    ...{ publishedAt: time.nullable(), updatedAt: time, shows: count }
  })
);

named('PlanDraft', planDraft);
const draftView = named(
  'DraftView',
  z.object({
    ...{ planId: text, version: count, number: count, name: text },
    venue,
    hasPublished: z.boolean(),
    draft: planDraft
  })
);

const imported = named(
  'ImportedPlan',
  z.object({
    plan: z.object({ id: text, venueId: text, name: text, capacity: count, seats: count, published: z.boolean() }),
    repairs: z.array(z.object({ path: text, problem: text, repair: text }))
  })
);

const format = z.literal('pretix', 'must be pretix').default('pretix');
export const importQuery = z.object({
  format,
  venueId: catalogId,
  room: z.string().max(80).optional(),
  publish: z.stringbool().default(false)
});
export const exportPlanQuery = z.object({ format, part: z.enum(['plan', 'supplement']).default('plan') });

const [tag, who] = ['Seating plans', 'manager'] as const;

export const planOperations = {
  'GET /plans': {
    ...{ id: 'listPlans', tag, summary: 'Your seating plans', who, query: plansQuery },
    description: 'Of each plan the newest published version and the draft.',
    answers: { 200: page(seatingPlan) }
  },
  'POST /plans': {
    ...{ id: 'createPlan', tag, summary: 'Begin a seating plan, or generate one', who, body: planBody },
    answers: { 201: seatingPlan },
    refuses: ['NOT_FOUND']
  },
  'GET /plans/{id}': {
    ...{ id: 'getPlan', tag, summary: 'A seating plan of yours', who },
    answers: { 200: seatingPlan }
  },
  'PATCH /plans/{id}': {
    ...{ id: 'changePlan', tag, summary: 'Rename a plan, or say which room it is for', who, body: planPatch },
    answers: { 200: seatingPlan },
    refuses: ['CHANGED_MEANWHILE']
  },
  'DELETE /plans/{id}': {
    ...{ id: 'deletePlan', tag, summary: 'Delete a version that no show has', who },
    answers: { 204: null },
    refuses: ['HAS_SHOWS', 'HAS_BOOKINGS']
  },
  'GET /plans/{id}/draft': {
    ...{ id: 'getDraft', tag, summary: 'A plan as the editor has it', who },
    answers: { 200: draftView }
  },
  'PUT /plans/{id}/draft': {
    ...{ id: 'saveDraft', tag, summary: 'Save a plan as the editor has it', who },
    description: 'What is wrong with the plan itself does not keep it from being saved.',
    ...{ body: draftBody, bodyReadElsewhere: true },
    answers: { 200: seatingPlan },
    refuses: ['CHANGED_MEANWHILE']
  },
  'POST /plans/{id}/draft': {
    ...{ id: 'beginVersion', tag, summary: 'Begin the next version of a published plan', who },
    answers: { 201: seatingPlan }
  },
  'POST /plans/{id}/duplicate': {
    ...{ id: 'duplicatePlan', tag, summary: 'Copy a plan', who },
    answers: { 201: seatingPlan }
  },
  'GET /plans/{id}/geometry': {
    ...{ id: 'getPlanGeometry', tag, summary: 'Where the seats of a published plan are', who },
    answers: { 200: plan }
  },
  'POST /plans/{id}/publish': {
    ...{ id: 'publishPlan', tag, summary: 'Publish a draft: it can be sold then, and changes no more', who },
    body: publishBody,
    answers: { 200: seatingPlan },
    refuses: ['CHANGED_MEANWHILE']
  },
  'GET /plans/{id}/versions': {
    ...{ id: 'listPlanVersions', tag, summary: 'All versions of a plan', who },
    answers: { 200: z.object({ items: z.array(planVersion) }) }
  },
  'GET /plans/{id}/export': {
    ...{ id: 'exportPlan', tag, summary: 'A plan as a file of pretix', who, query: exportPlanQuery },
    description: '`part=supplement` is what that format cannot say.',
    answers: { 200: z.union([pretixFile, supplement]) }
  },
  'POST /plans/import': {
    ...{ id: 'importPlan', tag, summary: 'Read a plan from a file of pretix', who, query: importQuery },
    description:
      'The body is the file, or `{plan, supplement}` with both files of an export. What had to be repaired is told.',
    body: { types: ['application/json'], says: 'The file' },
    answers: { 201: imported },
    refuses: ['NOT_FOUND']
  }
} as const satisfies Operations;
