import { canKeep, KEPT } from './kept-place.ts';

/**
 * At every visit with a network: what is kept for somebody else than who is signed in is forgotten, whichever way their
 * session ended, and the rest is brought up to date. Most visitors keep nothing, and load nothing for it.
 */
export async function tidyKept(user: string | null): Promise<void> {
  if (!canKeep() || !(await caches.has(KEPT))) return;
  const { tidy } = await import('./kept-news.ts');
  await tidy(user);
}
