/** Stands for this site, wherever it is. */
const HERE = 'http://here.invalid';

/**
 * Where to go after signing in. Only a path on this site, written as an address is: anything else would lend our name to a
 * stranger's page, or be no header at all.
 */
export function ownPath(next: string | null | undefined, otherwise = '/'): string {
  if (!next || !isOwn(next) || !URL.canParse(next, HERE)) return otherwise;
  const { origin, pathname, search, hash } = new URL(next, HERE);
  const path = pathname + search + hash;
  // `/..//elsewhere` has become `//elsewhere` by now.
  return origin === HERE && isOwn(path) ? path : otherwise;
}

/** Browsers take backslashes for slashes, and tabs and line breaks for nothing. */
const isOwn = (path: string) => /^\/(?!\/)/.test(path) && !/[\p{Cc}\\]/u.test(path);
