import type { IncomingMessage } from 'node:http';
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import type { BuyerId } from '#domain/ids.ts';
import { networkOf } from '../accounts/network.ts';
import type { Config } from '../config.ts';

/**
 * How much one socket, one buyer and one network may ask of this node. Counted here and not in Redis: the path of a
 * click has no further hop, and a flood is met by the node it reaches. Networks without a public address (a proxy that
 * names no visitor, a load test on the same machine) are not counted.
 */
export interface Limits {
  /** A handshake begins. False when its network has too many sockets, or opens them too fast. */
  admits(request: IncomingMessage): Promise<boolean>;
  /** The socket counts from here on, until the function this answers is called; null when the buyer has too many. */
  enter(network: string | null, buyer: BuyerId | null): (() => void) | null;
  /** One command: go on, wait a second, or be cut off. */
  command(socket: string, buyer: BuyerId | null, network: string | null): Promise<'ok' | 'slow' | 'flood'>;
  networkOf(request: IncomingMessage): string | null;
}

/** A script that sends this many times what a socket may is no person's: it is cut off. */
const FLOOD = 10;

/**
 * The visitor's address as the pages see it: the socket's own, or what the trusted proxy wrote, counted from the right.
 * Whoever comes past the proxy, without its header, is who connects.
 */
export function addressOf(config: Pick<Config, 'addressHeader' | 'forwardedDepth'>, request: IncomingMessage) {
  if (config.addressHeader === null) return request.socket.remoteAddress ?? null;
  const written = [request.headers[config.addressHeader] ?? []].flat().join(',');
  const addresses = written.split(',').map((address) => address.trim());
  return (addresses.at(-config.forwardedDepth) || request.socket.remoteAddress) ?? null;
}

export function createLimits(config: Config): Limits {
  const { limits } = config;
  const perSecond = (points: number) => new RateLimiterMemory({ points, duration: 1 });
  const bySocket = perSecond(limits.socketCommands);
  const byBuyer = perSecond(limits.buyerCommands);
  const byNetwork = perSecond(limits.networkCommands);
  const handshakes = perSecond(limits.networkHandshakes);
  const sockets = new Map<string, number>();

  /** What the key has used in this second, and whether that is too much. */
  async function over(limiter: RateLimiterMemory, key: string): Promise<false | number> {
    try {
      await limiter.consume(key);
      return false;
    } catch (error) {
      if (error instanceof RateLimiterRes) return error.consumedPoints;
      throw error;
    }
  }
  const step = (key: string, by: number) => {
    const count = (sockets.get(key) ?? 0) + by;
    if (count > 0) sockets.set(key, count);
    else sockets.delete(key);
  };
  /** Whether so few sockets could exceed this at all: each has its own limit, and counting is felt on every click. */
  const exceeds = (key: string | null, limit: number): key is string =>
    key !== null && (sockets.get(key) ?? 0) * limits.socketCommands > limit;
  const find = (request: IncomingMessage) => networkOf(addressOf(config, request));

  return {
    networkOf: find,

    async admits(request) {
      const network = find(request);
      if (network === null) return true;
      if ((sockets.get(network) ?? 0) >= limits.networkSockets) return false;
      return (await over(handshakes, network)) === false;
    },

    enter(network, buyer) {
      if (buyer !== null && (sockets.get(buyer) ?? 0) >= limits.buyerSockets) return null;
      const keys = [network, buyer].filter((key) => key !== null);
      for (const key of keys) step(key, 1);
      return () => {
        for (const key of keys.splice(0)) step(key, -1);
      };
    },

    async command(socket, buyer, network) {
      const used = await over(bySocket, socket);
      if (used !== false) return used > FLOOD * limits.socketCommands ? 'flood' : 'slow';
      if (exceeds(buyer, limits.buyerCommands) && (await over(byBuyer, buyer)) !== false) return 'slow';
      if (exceeds(network, limits.networkCommands) && (await over(byNetwork, network)) !== false) return 'slow';
      return 'ok';
    }
  };
}
