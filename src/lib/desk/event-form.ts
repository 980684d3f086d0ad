import * as m from '#domain/messages/compiled/desk_forms.js';
import { eventBody } from '#domain/catalog.ts';
import { spoken } from '$lib/forms/spoken.ts';
import { numberIn, textForm, type Typed } from '$lib/forms/text-form.ts';
import type { OwnEvent } from '../../../server/catalog/events.ts';

export const eventForm = textForm({
  labels: spoken({
    ...{ title: m.title, kind: m.kind, performers: m.performers, description: m.description },
    ...{ durationMin: m.duration_min, rating: m.rating, tags: m.tags }
  }),
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
