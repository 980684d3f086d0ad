/** Why a mail did not go out: what nodemailer says of it, and the same in words for people at the desk. */

/** Another process holds the claim: it has sent the mail by now, or has died. */
export class BeingSent extends Error {}

/** What nodemailer adds to its errors. */
export const property = (error: Error, name: string): unknown => Reflect.get(error, name);

/** The server's three digits, if it said no. */
export function responseCode(error: Error): number | null {
  const code = property(error, 'responseCode');
  return typeof code === 'number' ? code : null;
}

/** Failed before the text of the mail was sent: no connection, no greeting, no login. */
export function wasNotTransmitted(error: Error): boolean {
  const [code, command] = [String(property(error, 'code')), String(property(error, 'command'))];
  if (['EDNS', 'ETLS', 'EAUTH', 'ECONNREFUSED'].includes(code)) return true;
  return (
    /ECONNREFUSED|ENOTFOUND|EHOSTUNREACH/.test(error.message) || /^(EHLO|HELO|AUTH|STARTTLS|MAIL|RCPT)/.test(command)
  );
}

const CONNECTION = /^(ECONN|ESOCKET|ETIMEDOUT|EDNS|ETLS|EAUTH|ENOTFOUND|EHOSTUNREACH|EPIPE)/;

/**
 * One sentence without a stack, an address or a password of ours: organizers read it, and what belongs to the machine is
 * in the log. Null where another worker has begun to send it: nothing has failed.
 */
export function failureInWords(error: unknown): string | null {
  if (error instanceof BeingSent) return null;
  if (error instanceof Error) {
    const said = property(error, 'response');
    if (responseCode(error) !== null && typeof said === 'string')
      return `The mail server said: ${said.replaceAll(/\p{Cc}+/gu, ' ').slice(0, 300)}`;
    if (CONNECTION.test(String(property(error, 'code'))) || wasNotTransmitted(error) || error.name === 'AbortError')
      return 'The mail server could not be reached.';
  }
  return 'Something went wrong on our side. The log says what.';
}
