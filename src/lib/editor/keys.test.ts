import { expect, test } from 'vitest';
import { commandOf, plainOf, TOOL_KEYS, type Key } from './keys.ts';

const key = (name: string, held: Partial<Key> = {}): Key => ({
  ...{ key: name, ctrlKey: false, metaKey: false, shiftKey: false, altKey: false },
  ...held
});

test('every tool has a key of its own', () => {
  const keys = Object.values(TOOL_KEYS);
  expect(new Set(keys).size).toBe(keys.length);
  for (const [tool, letter] of Object.entries(TOOL_KEYS)) {
    expect(plainOf(key(letter.toLowerCase()))).toEqual({ do: 'tool', tool });
  }
});

test('arrows move by one, with Shift by five', () => {
  expect(plainOf(key('ArrowLeft'))).toEqual({ do: 'nudge', dx: -1, dy: 0 });
  expect(plainOf(key('ArrowDown', { shiftKey: true }))).toEqual({ do: 'nudge', dx: 0, dy: 5 });
});

test('Ctrl and Cmd mean the same, and Shift turns undo round', () => {
  expect(commandOf(key('z', { ctrlKey: true }))).toEqual({ do: 'undo' });
  expect(commandOf(key('Z', { metaKey: true, shiftKey: true }))).toEqual({ do: 'redo' });
  expect(commandOf(key('y', { ctrlKey: true }))).toEqual({ do: 'redo' });
});

test('a letter alone is no command, and a command is no letter', () => {
  expect(commandOf(key('a'))).toBeNull();
  expect(plainOf(key('a', { ctrlKey: true }))).toBeNull();
});
