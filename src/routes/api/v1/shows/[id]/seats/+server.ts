import { sizedMap } from '#domain/seat-map.ts';
import { isRefusal } from '#domain/refusal.ts';
import { api } from '$lib/server/api.ts';
import type { RequestEvent } from './$types';

export const GET = api(async ({ locals, params }: RequestEvent) => {
  const snapshot = await locals.app.seats.snapshot(params.id);
  if (isRefusal(snapshot)) return snapshot;
  const { epoch, version, capacity, map } = snapshot;
  return { showId: params.id, epoch, version, capacity, map: Buffer.from(sizedMap(map, capacity)).toString('base64') };
});
