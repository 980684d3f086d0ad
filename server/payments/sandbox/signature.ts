import { createHmac, timingSafeEqual } from 'node:crypto';

/** `t=<unix seconds>,v1=<hex HMAC-SHA256 of "<t>.<raw body>">`: what the sandbox signs its messages with. */
export const SIGNATURE_HEADER = 'x-fullhouse-signature';
/** A message older or newer than this (s) may be a recording played back. */
const TOLERANCE_S = 300;

const macOf = (key: string | Buffer, at: string, rawBody: Buffer) =>
  createHmac('sha256', key).update(`${at}.`).update(rawBody).digest();

export function signBody(key: string | Buffer, rawBody: Buffer, now = Date.now()): string {
  const at = String(Math.floor(now / 1000));
  return `t=${at},v1=${macOf(key, at, rawBody).toString('hex')}`;
}

/** True when this very body was signed with our key within the last 300 seconds. Takes the same time for any wrong MAC. */
export function signatureHolds(
  key: string | Buffer,
  rawBody: Buffer,
  header: string | null,
  now = Date.now()
): boolean {
  const parts = /^t=(\d{1,12}),v1=([0-9a-f]{64})$/.exec(header ?? '');
  if (parts?.[1] === undefined || parts[2] === undefined) return false;
  const given = Buffer.from(parts[2], 'hex');
  return (
    timingSafeEqual(given, macOf(key, parts[1], rawBody)) &&
    Math.abs(Math.floor(now / 1000) - Number(parts[1])) <= TOLERANCE_S
  );
}
