import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

/** 400 kbit/s each way, and 400 ms there and back: a train between two towns. */
const BYTES_A_MS = 50;
const ONE_WAY_MS = 200;

/** What runs through a slow line one way: all connections share it, one byte after the other. */
function direction() {
  let free = 0;
  return (bytes: Buffer, to: Socket) => {
    const now = performance.now();
    free = Math.max(now, free) + bytes.length / BYTES_A_MS;
    setTimeout(() => to.destroyed || to.write(bytes), free - now + ONE_WAY_MS);
  };
}

/**
 * A line to the server that is slow and can be cut. What devtools call a slow network leaves open sockets as fast as they
 * were, and what they call offline leaves them open: this is a real one, for every byte.
 */
export async function slowLine(server: URL) {
  const open = new Set<Socket>();
  const [there, back] = [direction(), direction()];
  let whole = true;
  const line = createServer((browser) => {
    if (!whole) return browser.destroy();
    const house = connect(Number(server.port), server.hostname);
    for (const [from, to, carry] of [
      [browser, house, there],
      [house, browser, back]
    ] as const) {
      open.add(from);
      from.on('data', (bytes) => carry(bytes, to));
      from.on('error', () => to.destroy());
      from.on('close', () => {
        open.delete(from);
        setTimeout(() => to.destroy(), 2 * ONE_WAY_MS);
      });
    }
  });
  line.listen(0, '127.0.0.1');
  await once(line, 'listening');
  const cut = () => {
    whole = false;
    for (const socket of open) socket.destroy();
  };
  return {
    /** A browser that finds the server at the end of this line. */
    browserArgs: [`--host-resolver-rules=MAP ${server.host} 127.0.0.1:${(line.address() as AddressInfo).port}`],
    cut,
    mend: () => (whole = true),
    close: () => {
      cut();
      line.close();
    }
  };
}
