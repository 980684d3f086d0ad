import { asyncApi } from '#domain/api/asyncapi.ts';
import { api } from '$lib/server/api.ts';
import { keptJson } from '$lib/server/kept.ts';

let made: { origin: string; document: ReturnType<typeof asyncApi> } | undefined;

export const GET = api(({ locals, request }) => {
  const { origin } = locals.app.config;
  if (made?.origin !== origin) made = { origin, document: asyncApi(origin) };
  return keptJson(request, made.document);
});
