import { z } from 'zod';
import { embedSiteBody } from '#domain/embed.ts';
import { text, time } from './fields.ts';
import { named } from './named.ts';
import type { Operations } from './operation.ts';

/** On which sites the seat maps of one's shows may stand. */
const site = z.object({
  id: text,
  origin: text.describe('Scheme, host and port: `https://stage.example`'),
  owner: z.object({ id: z.uuid(), name: text }),
  createdAt: time
});
named('EmbedSite', site);

const of = { tag: 'Embedding', who: 'manager' } as const;

export const embedOperations = {
  'GET /embed-sites': {
    ...{ ...of, id: 'listEmbedSites', summary: 'Sites that may show seat maps' },
    answers: { 200: z.object({ items: z.array(site) }) }
  },
  'POST /embed-sites': {
    ...{ ...of, id: 'addEmbedSite', summary: 'Let a site show seat maps', body: embedSiteBody },
    description: 'An organizer’s sites may show the maps of their own shows, an admin’s those of all.',
    answers: { 201: site },
    refuses: ['LIMIT_REACHED']
  },
  'DELETE /embed-sites/{id}': {
    ...{ ...of, id: 'removeEmbedSite', summary: 'Take a site off the list' },
    answers: { 204: null }
  }
} as const satisfies Operations;
