/**
 * Where kept tickets lie: a cache of this site, which pages and the service worker both read. It holds the tickets of one
 * account at most, and nothing else.
 */
export const KEPT = 'fullhouse-tickets';

/** Browsers offer it to secure pages only. */
export const canKeep = (): boolean => 'caches' in globalThis;
