import { updated } from '$app/state';

/**
 * A part of the page could not be loaded. Where the site was updated since the page came, it never will be: its file is
 * gone, and the page begins anew as the site is now. What a visitor holds is kept by the server. Answers whether it does.
 */
export async function startOverIfUpdated(): Promise<boolean> {
  const gone = await updated.check();
  if (gone) location.reload();
  return gone;
}
