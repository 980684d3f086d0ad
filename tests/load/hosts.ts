import { readFile } from 'node:fs/promises';
import { BlockList, isIP } from 'node:net';

/** A load test of a stranger's site is an attack: only this machine, and what the tester has written down as their own. */
export const HOSTS_FILE = '.load-hosts';

const loopback = new BlockList();
loopback.addSubnet('127.0.0.0', 8, 'ipv4');
loopback.addAddress('::1', 'ipv6');

export function isLoopback(hostname: string): boolean {
  const host = hostname.replace(/^\[|\]$/g, '').toLowerCase();
  if (host === 'localhost') return true;
  const family = isIP(host);
  return family !== 0 && loopback.check(host, family === 6 ? 'ipv6' : 'ipv4');
}

/** One host a line, with its port where that is not the scheme's own; `#` begins a comment. */
export const parseHosts = (text: string): string[] =>
  text
    .split('\n')
    .map((line) => line.replace(/#.*$/, '').trim().toLowerCase())
    .filter((line) => line !== '');

/** Throws, with what to do, unless the tester has said that the host is theirs. */
export async function demandOwnHost(url: string, file: string): Promise<void> {
  const { hostname, host } = new URL(url);
  if (isLoopback(hostname)) return;
  const listed = parseHosts(await readFile(file, 'utf8').catch(() => ''));
  if (listed.includes(host.toLowerCase())) return;
  throw new Error(
    `${host} is not this machine. If it is yours to load, write "${host}" on a line of ${file} (or name another file with --hosts).`
  );
}
