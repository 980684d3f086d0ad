import type { Logger } from '../../log.ts';

const TIMEOUT_MS = 5000;

/** Sends the sandbox's messages to ourselves over HTTP, as a real gateway would. One that fails is found by the poller. */
export function createDelivery(origin: string, log: Logger) {
  let base = origin;

  async function deliver(message: { body: Buffer; headers: Record<string, string> }): Promise<void> {
    try {
      const answer = await fetch(`${base}/api/v1/webhooks/sandbox`, {
        method: 'POST',
        body: new Uint8Array(message.body),
        headers: message.headers,
        signal: AbortSignal.timeout(TIMEOUT_MS)
      });
      await answer.arrayBuffer();
      if (!answer.ok) log.warn({ status: answer.status }, 'a webhook of the sandbox was refused');
    } catch (error) {
      log.warn({ err: error }, 'a webhook of the sandbox did not arrive');
    }
  }

  return {
    setBaseUrl: (url: string) => {
      base = url.replace(/\/$/, '');
    },
    /** `times` in parallel: gateways repeat themselves. */
    send: async (message: { body: Buffer; headers: Record<string, string> }, times: number) => {
      await Promise.all(Array.from({ length: times }, () => deliver(message)));
    }
  };
}
