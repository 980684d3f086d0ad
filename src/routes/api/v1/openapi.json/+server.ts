import { openApi } from '#domain/api/openapi.ts';
import { api } from '$lib/server/api.ts';
import { keptJson } from '$lib/server/kept.ts';

/** Made of the schemas that the calls themselves are checked by, when somebody first asks. */
let made: { origin: string; document: ReturnType<typeof openApi> } | undefined;

export const GET = api(({ locals, request }) => {
  const { origin } = locals.app.config;
  if (made?.origin !== origin) made = { origin, document: openApi(origin) };
  return keptJson(request, made.document);
});
