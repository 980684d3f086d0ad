import { openApi } from '#domain/api/openapi.ts';
import { api } from '$lib/server/api.ts';
import { keptJson } from '$lib/server/kept.ts';

/** Made of the schemas that the calls themselves are checked by, when somebody first asks. */
let made: ReturnType<typeof openApi> | undefined;

export const GET = api(({ locals, request }) => {
  const { origin } = locals.app.config;
  return keptJson(request, (made ??= openApi(origin)));
});
