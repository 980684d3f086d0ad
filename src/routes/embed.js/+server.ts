import script from '$lib/embed/element.ts?script';
import { keptText } from '$lib/server/kept.ts';
import type { RequestHandler } from './$types';

/** Known for an hour without a question, and then by its tag: a page on another site does not wait for ours. */
const CACHING = 'public, max-age=3600, stale-while-revalidate=604800';

export const GET: RequestHandler = ({ request, setHeaders }) => {
  // Sites that isolate themselves take only what says that it is for everybody.
  setHeaders({ 'cross-origin-resource-policy': 'cross-origin' });
  return keptText(request, script, 'text/javascript; charset=utf-8', CACHING);
};
