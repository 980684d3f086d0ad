import { Agent, request, type IncomingHttpHeaders } from 'node:http';

/** Requests as an attacker writes them: every header as given, and nothing is held against the documents. */
export interface Sent {
  status: number;
  headers: IncomingHttpHeaders;
  text: string;
}

const agent = new Agent({ keepAlive: true, maxSockets: 8 });

/** `send(url, 'POST /sign-in', { headers: { host: 'evil.example' }, body: 'a=1' })` */
export function send(
  url: string,
  what: string,
  given: { headers?: Record<string, string>; body?: string | Buffer } = {}
): Promise<Sent> {
  const [method = 'GET', path = '/'] = what.split(' ');
  const { hostname, port } = new URL(url);
  // Node says how long a body is by itself only where a method usually has one.
  const length = given.body === undefined ? {} : { 'content-length': String(Buffer.byteLength(given.body)) };
  const headers = { ...given.headers, ...length };
  return new Promise((resolve, reject) => {
    const asked = request({ agent, hostname, port, method, path, headers }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.once('error', reject);
      response.once('end', () =>
        resolve({ status: response.statusCode ?? 0, headers: response.headers, text: Buffer.concat(chunks).toString() })
      );
    });
    asked.once('error', reject);
    asked.end(given.body);
  });
}

export const cookieOf = (token: string) => ({ cookie: `fullhouse_session=${token}` });
export const FORM = 'application/x-www-form-urlencoded';
