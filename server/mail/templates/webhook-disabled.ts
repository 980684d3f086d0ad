import { keptInWords } from '#domain/kept-words.ts';
import * as m from '#domain/messages/compiled/mail.js';
import { showTime } from '#domain/time.ts';
import { accountLetter } from './account.ts';
import type { Letter } from '../transport.ts';

/** To whoever has a webhook that took no message for so long that we switched it off. Times are UTC. */
export const webhookDisabledLetter = (mail: {
  name: string;
  endpoint: string;
  since: string;
  error: string | null;
  url: string;
}): Letter =>
  accountLetter({
    name: mail.name,
    title: m.webhook_off_title({ endpoint: mail.endpoint }),
    says: m.webhook_off_says({ since: showTime(mail.since, 'UTC'), why: keptInWords(mail.error ?? '') }),
    button: { label: m.webhook_off_button(), url: mail.url },
    after: m.webhook_off_after()
  });
