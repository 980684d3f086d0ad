import { describe, expect, it } from 'vitest';
import { OptionError, readOptions } from './options.ts';

describe('the options of npm run chaos', () => {
  it('has ten minutes of every fault by default', () => {
    expect(readOptions([])).toMatchObject({ forMs: 600_000, seed: '1', form: 'long', broken: null });
  });

  it('plays the named faults, and says how to do it again', () => {
    const options = readOptions(['--only', 'n3, N7', '--seed', 'x', '--minutes', '0.5']);
    expect(options.faults.map(({ id }) => id)).toEqual(['N3', 'N7']);
    expect(options.again).toBe('npm run chaos -- --minutes 0.5 --seed x --only N3,N7');
  });

  it.each([
    [['--only', 'N99'], /--only must name faults/],
    [['--minutes', '0'], /--minutes must be more than 0/],
    [['--minutes', 'ten'], /--minutes must be a number/],
    [['--broken', 'everything'], /--broken must be index or owner/],
    [['--url', 'http://elsewhere'], /--url/]
  ])('refuses %j', (args, says) => {
    expect(() => readOptions(args)).toThrow(OptionError);
    expect(() => readOptions(args)).toThrow(says);
  });
});
