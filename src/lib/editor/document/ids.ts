const LETTERS = '0123456789abcdefghijklmnopqrstuvwxyz';

/** An id that nothing else has, in any version of any plan: 12 of 36 letters. */
export function freshId(): string {
  let id = '';
  for (const byte of crypto.getRandomValues(new Uint8Array(12))) id += LETTERS[byte % 36] ?? '0';
  return id;
}
