/** One person, as nodemailer takes them: never a string, in which a comma or a line break could add another one. */
export interface Recipient {
  name: string;
  address: string;
}

const ADDRESS = /^[A-Za-z0-9._%+-]+@[A-Za-z0-9.-]+\.[A-Za-z]{2,63}$/;

/** Without control characters (CR and LF begin a new header) and without the invisible marks that reorder text. */
export const cleanText = (text: string) =>
  text
    .replaceAll(/[\p{Cc}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069]+/gu, ' ')
    .replaceAll(/ {2,}/g, ' ')
    .trim();

/** Null when this is not the address of exactly one mailbox. */
export function recipientOf(name: string, address: string): Recipient | null {
  return ADDRESS.test(address) ? { name: cleanText(name).slice(0, 120), address } : null;
}
