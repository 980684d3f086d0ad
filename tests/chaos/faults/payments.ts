import { createSandboxGateway } from '../../../server/payments/sandbox/gateway.ts';
import type { Fault, Field } from './fault.ts';

/** What a payment gateway does, and what somebody does who would like to be one. */
interface Message {
  body: Buffer;
  headers: Record<string, string>;
}
const AT_ONCE = 10;

async function decidedPayments({ stack }: Field): Promise<string[]> {
  const { rows } = await stack.db.query<{ id: string }>(
    `select payment_id::text as id from sandbox_payment where status <> 'open' order by random() limit 3`
  );
  return rows.map(({ id }) => id);
}

const send = ({ stack }: Field, { body, headers }: Message): Promise<number> =>
  fetch(`${stack.url}/api/v1/webhooks/sandbox`, {
    ...{ method: 'POST', body: new Uint8Array(body), headers },
    signal: AbortSignal.timeout(5000)
  }).then(
    async (answer) => {
      await answer.arrayBuffer();
      return answer.status;
    },
    () => 0
  );

/** A booking for a cent, under the signature of another body; and the same without any. */
const forged = ({ body, headers }: Message): Message[] => [
  { headers, body: Buffer.from(body.toString().replace(/"amount":\d+/, '"amount":1')) },
  { headers: { 'content-type': 'application/json' }, body }
];

export const repeatedWebhooks: Fault = {
  id: 'N13',
  name: 'the gateway’s messages ten times at once and out of order, and forged ones',
  expected: 'One effect each; a forged one is answered 400 and changes nothing.',
  lastsMs: { long: 8000, short: 2500 },
  relaxes: {},
  async begin(field, lastsMs) {
    const { stack, wait, note, broke } = field;
    const gateway = createSandboxGateway({ db: stack.db, secret: stack.secret });
    const counted = { repeated: 0, forged: 0, refused: 0 };
    for (const end = performance.now() + lastsMs; performance.now() < end; await wait(250)) {
      for (const payment of await decidedPayments(field).catch(() => [])) {
        const message = await gateway.message(payment).catch(() => null);
        if (!message) continue;
        await Promise.all(Array.from({ length: AT_ONCE }, () => send(field, message)));
        counted.repeated += AT_ONCE;
        for (const lie of forged(message)) {
          const status = await send(field, lie);
          counted.forged++;
          if (status === 400) counted.refused++;
          if (status >= 200 && status < 300)
            broke('I4', 'a forged message of the gateway was taken', { payment, status });
        }
      }
    }
    note(`${counted.repeated} repeated, ${counted.refused} of ${counted.forged} forged ones answered 400`);
    return undefined;
  }
};
