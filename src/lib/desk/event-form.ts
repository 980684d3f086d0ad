import { eventBody } from '#domain/catalog.ts';
import { numberIn, textForm, type Typed } from '$lib/forms/text-form.ts';
import type { OwnEvent } from '../../../server/catalog/events.ts';

export const eventForm = textForm({
  labels: {
    ...{ title: 'Title', kind: 'Kind', performers: 'Performers', description: 'Description' },
    ...{ durationMin: 'Duration in minutes', rating: 'Rating', tags: 'Tags' }
  },
  body: eventBody,
  read(values, wrong) {
    const { title, kind, performers, description, rating, durationMin = '', tags = '' } = values;
    if (!kind) wrong('kind', 'is missing');
    return {
      ...{ title, kind, performers, description, rating },
      durationMin: durationMin.trim() === '' ? null : numberIn(durationMin),
      tags: listIn(tags)
    };
  }
});

/** `classic, premiere`: what stands between commas. */
const listIn = (given: string) =>
  given
    .split(',')
    .map((one) => one.trim())
    .filter((one) => one !== '');

export const eventValues = (event: OwnEvent): Typed => ({
  ...{ title: event.title, kind: event.kind, performers: event.performers, description: event.description },
  ...{ durationMin: event.durationMin?.toString() ?? '', rating: event.rating, tags: event.tags.join(', ') },
  version: String(event.version)
});
