import { createHmac } from 'node:crypto';
import { Webhook } from 'standardwebhooks';

/** Signatures by Standard Webhooks (https://www.standardwebhooks.com): HMAC-SHA256 over id, time and body. */
export interface Signing {
  id: string;
  secret_number: number;
  /** When the secret became this one, if it was another before. */
  rotated_at: Date | null;
}

/** So long (ms) after it was replaced the secret before signs as well: receivers can change theirs without a gap. */
const OVERLAP_MS = 86_400_000;

/** `whsec_…`. Made from SECRET, so it is in no table and in no dump of one; a new number makes another. */
export function secretOf(config: { secret: string }, endpoint: Pick<Signing, 'id' | 'secret_number'>): string {
  const made = createHmac('sha256', config.secret).update(`webhook ${endpoint.id} ${endpoint.secret_number}`);
  return `whsec_${made.digest('base64')}`;
}

export function signed(
  config: { secret: string },
  endpoint: Signing,
  message: { id: string; at: Date; body: string }
): Record<string, string> {
  const { rotated_at: rotated, secret_number: number } = endpoint;
  const both = rotated !== null && message.at.getTime() - rotated.getTime() < OVERLAP_MS;
  const secrets = (both ? [number, number - 1] : [number]).map((n) =>
    secretOf(config, { ...endpoint, secret_number: n })
  );
  return {
    'webhook-id': message.id,
    'webhook-timestamp': String(Math.floor(message.at.getTime() / 1000)),
    'webhook-signature': secrets.map((one) => new Webhook(one).sign(message.id, message.at, message.body)).join(' ')
  };
}
