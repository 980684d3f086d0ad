import { createHmac } from 'node:crypto';
import { isIPv4, isIPv6 } from 'node:net';
import { LRUCache } from 'lru-cache';

/**
 * The network an address belongs to, for counting: an IPv4 address, or the first 64 bits of an IPv6 one, which one
 * subscriber has to themselves. Null for addresses that are not public: those are our own proxy when nobody told us
 * which header carries the visitor's, and must not be counted as one visitor.
 */
export function networkOf(address: string | null | undefined): string | null {
  const plain = (address ?? '').replace(/%.*$/, '').toLowerCase();
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/.exec(plain)?.[1];
  if (isIPv4(mapped ?? plain)) return isPrivateV4(mapped ?? plain) ? null : (mapped ?? plain);
  if (!isIPv6(plain)) return null;
  const groups = expand(plain);
  const first = groups[0] ?? 0;
  // fc00::/7 and fe80::/10 never leave a site, and ::1 is ourselves.
  if ((first & 0xfe00) === 0xfc00 || (first & 0xffc0) === 0xfe80) return null;
  const prefix = groups.slice(0, 4);
  return prefix.every((group) => group === 0) ? null : prefix.map((group) => group.toString(16)).join(':');
}

function isPrivateV4(address: string): boolean {
  const [a = 0, b = 0] = address.split('.').map(Number);
  return (
    a === 0 ||
    a === 10 ||
    a === 127 ||
    (a === 100 && b >= 64 && b < 128) ||
    (a === 169 && b === 254) ||
    (a === 172 && b >= 16 && b < 32) ||
    (a === 192 && b === 168)
  );
}

/** `2001:db8::1` as its eight numbers. */
function expand(address: string): number[] {
  const [head = '', tail] = address.split('::');
  const numbers = (part: string) => (part === '' ? [] : part.split(':').map((group) => Number.parseInt(group, 16)));
  if (tail === undefined) return numbers(head);
  const [before, after] = [numbers(head), numbers(tail)];
  return [...before, ...new Array<number>(Math.max(0, 8 - before.length - after.length)).fill(0), ...after];
}

/** Networks as they are kept: whoever reads them cannot tell the address, and the same address is always the same. */
export function createNetworkNames(secret: string) {
  const known = new LRUCache<string, string>({ max: 20_000 });
  return (network: string | null | undefined): string => {
    if (!network) return '';
    let name = known.get(network);
    if (name === undefined) {
      name = `n_${createHmac('sha256', secret).update(`network:${network}`).digest('base64url').slice(0, 22)}`;
      known.set(network, name);
    }
    return name;
  };
}
