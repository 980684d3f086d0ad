import type { RequestEvent } from '@sveltejs/kit';

/** Where the visitor calls from. Null when the proxy did not say: nobody is refused for that. */
export function clientAddress(event: Pick<RequestEvent, 'getClientAddress'>): string | null {
  try {
    return event.getClientAddress();
  } catch {
    return null;
  }
}

/** The network that the visitor's seats are counted for; null when it is not a public one. */
export const clientNetwork = (event: Pick<RequestEvent, 'getClientAddress' | 'locals'>): string | null =>
  event.locals.app.accounts.networkOf(clientAddress(event));
