import { createServer, type Socket } from 'node:net';

/**
 * A mail server that says yes to everything and keeps nothing: the mails of a rehearsal are written and sent, and nobody
 * gets them.
 */
export async function openMailSink(): Promise<{ url: string; close(): void }> {
  const open = new Set<Socket>();
  const server = createServer((socket) => {
    open.add(socket);
    socket.on('close', () => open.delete(socket));
    socket.on('error', () => socket.destroy());
    swallow(socket);
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  return {
    url: `smtp://127.0.0.1:${port}`,
    close() {
      server.close();
      for (const socket of open) socket.destroy();
    }
  };
}

const DATA_ENDS = '\r\n.\r\n';

function swallow(socket: Socket) {
  let heard = '';
  let inMail = false;
  socket.write('220 nobody gets this\r\n');
  socket.on('data', (bytes: Buffer) => {
    heard += bytes.toString('latin1');
    for (;;) {
      const end = heard.indexOf(inMail ? DATA_ENDS : '\r\n');
      if (end < 0) break;
      const said = heard.slice(0, end);
      heard = heard.slice(end + (inMail ? DATA_ENDS.length : 2));
      if (inMail) socket.write('250 forgotten\r\n');
      else socket.write(answerTo(said));
      inMail = !inMail && /^data$/i.test(said);
    }
    // Of a mail only its end matters.
    if (inMail && heard.length > DATA_ENDS.length) heard = heard.slice(-DATA_ENDS.length);
  });
}

function answerTo(said: string): string {
  if (/^data$/i.test(said)) return '354 go on\r\n';
  if (/^quit/i.test(said)) return '221 bye\r\n';
  return '250 yes\r\n';
}
