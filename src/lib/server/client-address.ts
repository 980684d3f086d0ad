import type { RequestEvent } from '@sveltejs/kit';

/** Where the visitor calls from. Null when the proxy did not say: nobody is refused for that. */
export function clientAddress(event: Pick<RequestEvent, 'getClientAddress'>): string | null {
  try {
    return event.getClientAddress();
  } catch {
    return null;
  }
}
