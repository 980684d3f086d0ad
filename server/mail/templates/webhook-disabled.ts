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
    title: `Your webhook ${mail.endpoint} is switched off`,
    says: `No message has reached it since ${showTime(mail.since, 'UTC')} UTC. ${mail.error ?? ''} It gets no more of them.`,
    button: { label: 'See its log', url: mail.url },
    after: 'When the receiver works again, switch it on there, and send what it missed once more.'
  });
