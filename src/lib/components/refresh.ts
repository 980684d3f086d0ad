import { invalidate, invalidateAll } from '$app/navigation';
import { navigating } from '$app/state';

/**
 * What the page has read is read again, because something has changed meanwhile. Not while the visitor is on the way to
 * another page: reading anew would call them back.
 */
export async function refresh(what?: string): Promise<void> {
  if (navigating.to) return;
  await (what === undefined ? invalidateAll() : invalidate(what));
}
