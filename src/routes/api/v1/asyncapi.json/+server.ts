import { asyncApi } from '#domain/api/asyncapi.ts';
import { api } from '$lib/server/api.ts';
import { keptJson } from '$lib/server/kept.ts';

let made: ReturnType<typeof asyncApi> | undefined;

export const GET = api(({ locals, request }) => keptJson(request, (made ??= asyncApi(locals.app.config.origin))));
