import { SMTPServer } from 'smtp-server';
import PostalMime, { type Email } from 'postal-mime';

/** A mail server of the test's own, which can misbehave. */
export interface TestSmtp {
  url: string;
  /** Mails that were accepted, in order; `at` is when (ms since 1970). */
  mails: (Email & { recipients: string[]; at: number })[];
  /** What it does with the next mails. */
  behaviour: 'accept' | 'later' | 'unknown mailbox' | 'unknown mailbox by name' | 'drop after data';
  to(address: string): TestSmtp['mails'];
  close(): Promise<void>;
}

export async function startSmtp(port = 0): Promise<TestSmtp> {
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS', 'AUTH'],
    logger: false,
    // Connections that wait for the next mail do not keep a test.
    closeTimeout: 100,
    onRcptTo({ address }, _session, callback) {
      if (!smtp.behaviour.startsWith('unknown mailbox')) return callback();
      const who = smtp.behaviour === 'unknown mailbox by name' ? ` <${address}>:` : '';
      callback(Object.assign(new Error(`5.1.1${who} no such mailbox`), { responseCode: 550 }));
    },
    onData(stream, session, callback) {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        if (smtp.behaviour === 'later')
          return callback(Object.assign(new Error('4.3.0 come back later'), { responseCode: 451 }));
        void PostalMime.parse(Buffer.concat(chunks)).then((email) => {
          smtp.mails.push({
            ...email,
            recipients: session.envelope.rcptTo.map(({ address }) => address),
            at: Date.now()
          });
          if (smtp.behaviour === 'drop after data') {
            for (const connection of server.connections) connection._socket.destroy();
            return;
          }
          callback();
        });
      });
    }
  });
  server.on('error', () => undefined);
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  const address = server.server.address();
  if (typeof address !== 'object' || address === null) throw new Error('the mail server has no port');
  const smtp: TestSmtp = {
    url: `smtp://127.0.0.1:${address.port}`,
    mails: [],
    behaviour: 'accept',
    to: (recipient) => smtp.mails.filter((mail) => mail.recipients.includes(recipient)),
    close: () => new Promise((resolve) => server.close(() => resolve()))
  };
  return smtp;
}
