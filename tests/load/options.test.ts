import { expect, test } from 'vitest';
import { HELP, OptionError, parseTime, readOptions } from './options.ts';

test('without options: a stack of its own, two thousand buyers, a minute, no errors', () => {
  expect(readOptions([])).toMatchObject({
    ...{ url: null, show: null, buyers: 2000, durationMs: 60_000, arrival: 'ramp', seed: '1' },
    ...{ maxErrors: 0, p99HoldMs: null, help: false }
  });
});

test('every option is read', () => {
  const line = `--url http://localhost:3000/ --show abcdefghijkl --buyers 50 --duration 90s --arrival stampede`;
  const args = line.split(' ');
  const more =
    '--mix picker=1 --seed x --out /tmp/o --p99-hold 250ms --max-errors 3 --think 1s --processes 4 --book 0.5';
  expect(readOptions([...args, ...more.split(' ')])).toMatchObject({
    ...{ url: 'http://localhost:3000', show: 'abcdefghijkl', buyers: 50, durationMs: 90_000, arrival: 'stampede' },
    ...{ seed: 'x', out: '/tmp/o', p99HoldMs: 250, maxErrors: 3, thinkMs: 1000, processes: 4, bookShare: 0.5 },
    mix: { picker: 1, best: 0 }
  });
});

test.each([
  [['--buyers', '0'], '--buyers'],
  [['--buyers', '1.5'], '--buyers'],
  [['--duration', '2h'], '--duration'],
  [['--arrival', 'trickle'], 'ramp or stampede'],
  [['--mix', 'thief=1'], '--mix: there is no persona'],
  [['--url', 'ftp://x'], 'http://'],
  [['--show', 'abc'], '--show needs --url'],
  [['--p99-hold', 'soon'], '--p99-hold'],
  [['--book', '2'], '--book'],
  [['--nonsense'], '--help']
])('%s is refused in one line', (args, why) => {
  expect(() => readOptions(args)).toThrow(OptionError);
  expect(() => readOptions(args)).toThrow(why);
});

test('times are ms, s or m; a plain number is seconds', () => {
  expect(['250ms', '60s', '2m', '5', '1.5s', 'x'].map(parseTime)).toEqual([250, 60_000, 120_000, 5000, 1500, NaN]);
});

test('the help names every option', () => {
  const names = ['url', 'hosts', 'show', 'buyers', 'duration', 'think', 'arrival', 'mix', 'seed', 'processes', 'seats'];
  for (const name of [...names, 'accounts', 'book', 'out', 'p99-hold', 'max-errors', 'help'])
    expect(HELP).toContain(`--${name}`);
});
