import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { join } from 'node:path';

/**
 * The site of a theatre that is not there, on an origin of its own, with a page that shows a seat map of ours: what the
 * README says of embedding, at work. Its page allows itself as little as a careful site would.
 */
export interface Theatre {
  /** What an organizer puts on their list. */
  origin: string;
  close(): Promise<void>;
}

/** `home` is the box office that the map comes from, asked for with each page: it may open after the theatre. */
export async function openTheatre(port: number, home: () => { origin: string; show: string }): Promise<Theatre> {
  const template = await readFile(join(import.meta.dirname, 'page.html'), 'utf8');
  const server = createServer((_, response) => {
    const { origin, show } = home();
    const nonce = randomBytes(12).toString('base64');
    const values: Record<string, string> = { origin, show, nonce };
    response.setHeader(
      'content-security-policy',
      `default-src 'none'; img-src data:; script-src 'nonce-${nonce}'; style-src 'nonce-${nonce}'; frame-src ${origin}`
    );
    response.setHeader('content-type', 'text/html; charset=utf-8');
    response.end(template.replaceAll(/\{\{(\w+)\}\}/g, (_, name: string) => values[name] ?? ''));
  });
  await new Promise<void>((opened, failed) => {
    server.once('error', failed).listen(port, '127.0.0.1', opened);
  });
  const address = server.address();
  const at = typeof address === 'object' && address ? address.port : port;
  return {
    // By its number and not as "localhost": to a browser those two are different sites, so no cookie goes along.
    origin: `http://127.0.0.1:${at}`,
    close: () =>
      new Promise((closed) => {
        server.closeAllConnections();
        server.close(() => closed());
      })
  };
}
