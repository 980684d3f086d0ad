import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { demandOwnHost, isLoopback, parseHosts } from './hosts.ts';

let folder: string;
beforeAll(async () => (folder = await mkdtemp(join(tmpdir(), 'load-hosts-'))));
afterAll(() => rm(folder, { recursive: true }));

test('this machine is the tester’s own, whatever it is called', () => {
  expect(['localhost', '127.0.0.1', '127.8.0.1', '[::1]'].map(isLoopback)).toEqual([true, true, true, true]);
});

test('names that only look like this machine are not', () => {
  const names = ['localhost.evil.example', '127.0.0.1.nip.io', '10.0.0.1', '0.0.0.0', 'tickets.example'];
  expect(names.map(isLoopback)).toEqual(names.map(() => false));
});

test('another host is loaded only when it stands in the file', async () => {
  const file = join(folder, '.load-hosts');
  await expect(demandOwnHost('https://tickets.example', file)).rejects.toThrow('write "tickets.example"');
  await writeFile(file, '# ours\ntickets.example\nstaging.example:8443 # behind the VPN\n');
  await demandOwnHost('https://Tickets.example/path', file);
  await demandOwnHost('https://staging.example:8443', file);
  await expect(demandOwnHost('https://staging.example', file)).rejects.toThrow('staging.example is not this machine');
});

test('comments and empty lines are no hosts', () => {
  expect(parseHosts('\n# a\n b.example #c\n')).toEqual(['b.example']);
});
