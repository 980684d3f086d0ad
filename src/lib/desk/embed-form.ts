import * as m from '#domain/messages/compiled/desk_forms.js';
import { embedSiteBody } from '#domain/embed.ts';
import { spoken } from '$lib/forms/spoken.ts';
import { textForm } from '$lib/forms/text-form.ts';

/** A site that may show seat maps, as it is typed. */
export const embedSiteForm = textForm({
  labels: spoken({ origin: m.site }),
  hidden: [],
  body: embedSiteBody,
  read: (values) => ({ origin: values['origin'] ?? '' })
});
