import PostalMime from 'postal-mime';
import { SMTPServer } from 'smtp-server';
import { newId } from '../ids.ts';
import { createInbox, type Inbox } from './inbox.ts';

/** A real SMTP server in this process that delivers to an inbox of ours: nothing leaves the machine. */
export interface MailCatcher {
  url: string;
  inbox: Inbox;
  stop(): Promise<void>;
}

const LARGEST_MAIL_BYTES = 10 * 1024 * 1024;

export async function startMailCatcher(): Promise<MailCatcher> {
  const inbox = createInbox();
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS', 'AUTH'],
    size: LARGEST_MAIL_BYTES,
    logger: false,
    // Milliseconds that a connection left open may delay the stop.
    closeTimeout: 1000,
    onData(stream, session, done) {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        PostalMime.parse(Buffer.concat(chunks)).then(
          (mail) => {
            inbox.add({
              id: newId(),
              from: mail.from?.address ?? '',
              to: session.envelope.rcptTo.map(({ address }) => address),
              subject: mail.subject ?? '',
              html: withInlinePictures(mail.html ?? '', mail.attachments),
              text: mail.text ?? '',
              messageId: mail.messageId ?? '',
              receivedAt: new Date().toISOString()
            });
            done();
          },
          (error: unknown) => done(error instanceof Error ? error : new Error('the mail could not be read'))
        );
      });
    }
  });
  server.on('error', () => undefined);
  const port = await new Promise<number>((resolve, reject) => {
    server.once('error', reject);
    const listening = server.listen(0, '127.0.0.1', () => {
      const address = listening.address();
      resolve(typeof address === 'object' && address ? address.port : 0);
    });
  });
  return {
    url: `smtp://127.0.0.1:${port}`,
    inbox,
    stop: () => new Promise((resolve) => server.close(() => resolve()))
  };
}

/** Pictures a mail carries with it (cid:…) as data: URLs, so that a browser can show the mail by itself. */
function withInlinePictures(
  html: string,
  attachments: readonly {
    contentId?: string | undefined;
    mimeType: string;
    content: ArrayBuffer | Uint8Array | string;
  }[]
): string {
  return attachments.reduce((text, { contentId, mimeType, content }) => {
    if (!contentId || typeof content === 'string') return text;
    const bytes = content instanceof Uint8Array ? Buffer.from(content) : Buffer.from(new Uint8Array(content));
    return text.replaceAll(
      `cid:${contentId.replace(/^<|>$/g, '')}`,
      `data:${mimeType};base64,${bytes.toString('base64')}`
    );
  }, html);
}
