import { embedSiteBody } from '#domain/embed.ts';
import { textForm } from '$lib/forms/text-form.ts';

/** A site that may show seat maps, as it is typed. */
export const embedSiteForm = textForm({
  labels: { origin: 'Site' },
  hidden: [],
  body: embedSiteBody,
  read: (values) => ({ origin: values['origin'] ?? '' })
});
