import { notFound } from '#domain/refusal.ts';
import { api } from '$lib/server/api.ts';
import type { RequestEvent } from './$types';

export const GET = api(
  async ({ locals, params }: RequestEvent) => (await locals.app.catalog.event(params.id)) ?? notFound('event')
);
