import { WebSocket } from 'ws';

/**
 * A client that speaks just enough of Engine.IO 4 and Socket.IO 5 to watch and to click. 1,500 of socket.io-client
 * in one process would need more CPU than the server they are to measure leaves over.
 */
export interface Wire {
  /** Sends a command and resolves with its ack as it came, without parsing: '[{"ok":true,…}]'. */
  say(name: string, payload: string): Promise<string>;
  /** The bytes of the latest ack, its text and its attachments. */
  ackBytes(): number;
  close(): void;
}

/** Opens a socket; `heard` gets every event as it came: '["seats",{…}]'. */
export function openWire(url: string, auth: object, heard: (text: string) => void): Promise<Wire> {
  const socket = new WebSocket(`${url.replace(/^http/, 'ws')}/socket.io/?EIO=4&transport=websocket`, {
    perMessageDeflate: false
  });
  const waiting = new Map<number, (ack: string) => void>();
  let last = 0;
  let ackBytes = 0;
  /** An ack whose attachment is still to come. */
  let unfinished: (() => void) | undefined;

  const answered = (text: string) => {
    const start = text.indexOf('[');
    const id = Number(text.slice(0, start));
    const resolve = waiting.get(id);
    waiting.delete(id);
    resolve?.(text.slice(start));
  };

  return new Promise((resolve, reject) => {
    const wire: Wire = {
      say: (name, payload) =>
        new Promise((answer) => {
          const id = last++;
          waiting.set(id, answer);
          socket.send(`42${id}["${name}",${payload}]`);
        }),
      ackBytes: () => ackBytes,
      close: () => socket.terminate()
    };
    socket.on('error', reject);
    socket.on('message', (data: Buffer, binary: boolean) => {
      if (binary) {
        ackBytes += data.length;
        unfinished?.();
        return;
      }
      const text = data.toString();
      if (text.startsWith('42')) heard(text.slice(2));
      else if (text === '2') socket.send('3');
      else if (text.startsWith('43')) {
        ackBytes = data.length;
        answered(text.slice(2));
      } else if (text.startsWith('461-')) {
        ackBytes = data.length;
        unfinished = () => answered(text.slice(4));
      } else if (text.startsWith('0')) socket.send(`40${JSON.stringify(auth)}`);
      else if (text.startsWith('40')) resolve(wire);
      else reject(new Error(`the server said ${text}`));
    });
  });
}
