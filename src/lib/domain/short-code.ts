/**
 * The code of a ticket that people can type: 9 letters of Crockford's alphabet, which has no I, L, O and U. What is
 * typed may be in small letters, in groups, and with the letters that look like digits.
 */
export const SHORT_CODE = /^[0-9A-HJKMNP-TV-Z]{9}$/;

/** `7KD-M2X-9QF`, as it is printed. */
export const groupShortCode = (code: string) => code.replace(/^(.{3})(.{3})(.{3})$/, '$1-$2-$3');

/** The code that was meant, or null when this is none. */
export function readShortCode(typed: string): string | null {
  const code = typed
    .toUpperCase()
    .replaceAll(/[\s\-–.·]/g, '')
    .replaceAll('O', '0')
    .replaceAll(/[IL]/g, '1');
  return SHORT_CODE.test(code) ? code : null;
}
