import { notFound } from '#domain/not-found.ts';
import { api } from '$lib/server/api.ts';

const nothingHere = api(() => notFound('call'));
export { nothingHere as DELETE, nothingHere as GET, nothingHere as PATCH, nothingHere as POST, nothingHere as PUT };
