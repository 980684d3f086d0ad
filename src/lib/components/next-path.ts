/** Where to go after signing in. Only a path on this site: anything else would lend our name to a stranger's page. */
export function ownPath(next: string | null | undefined, otherwise = '/'): string {
  if (!next || !next.startsWith('/') || /^\/[/\\]/.test(next) || /[\p{Cc}\\]/u.test(next)) return otherwise;
  return next;
}
