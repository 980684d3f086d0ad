import { describe, expect, it } from 'vitest';
import { networkOf } from './network.ts';

describe('the network of an address', () => {
  it.each([
    ['203.0.113.7', '203.0.113.7'],
    ['::ffff:203.0.113.7', '203.0.113.7'],
    ['2001:db8:1:2:aaaa::1', '2001:db8:1:2'],
    ['2001:db8:1:2:bbbb:cccc:0:9', '2001:db8:1:2'],
    ['2001:DB8::1', '2001:db8:0:0']
  ])('%s counts as %s', (address, network) => {
    expect(networkOf(address)).toBe(network);
  });

  it.each([
    ...['127.0.0.1', '10.1.2.3', '172.18.0.4', '192.168.1.9', '100.64.0.1', '169.254.3.3', '::1', '::ffff:10.0.0.1'],
    ...['fe80::1%eth0', 'fd00::5', '', 'nonsense', null, undefined]
  ])('%s is counted for nobody', (address) => {
    expect(networkOf(address)).toBeNull();
  });
});
