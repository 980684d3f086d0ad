import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';

/** The table of the README ("Security") says what is attacked and what proves the defence: this keeps it true. */
const ROOT = resolve(import.meta.dirname, '../../..');
const ATTACKS = 31;

interface Row {
  number: string;
  defence: string;
  tests: { file: string; title: string }[];
}

function table(): Row[] {
  const [, section = ''] = /\n## Security\n([^]*?)\n## /.exec(readFileSync(join(ROOT, 'README.md'), 'utf8')) ?? [];
  return section.split('\n').flatMap((line) => {
    const [number = '', , defence = '', tests = ''] = line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim());
    if (!/^S\d+$/.test(number)) return [];
    const named = [...tests.matchAll(/`([^`]+)`(?: “([^”]+)”)?/g)];
    return [{ number, defence, tests: named.map(([, file = '', title = '']) => ({ file, title })) }];
  });
}

const pathOf = (file: string) =>
  [join(ROOT, 'tests/integration', `${file}.test.ts`), join(ROOT, `${file}.test.ts`)].find((path) => existsSync(path));

/** What a test file calls its tests and groups of them. */
function titlesIn(path: string): string[] {
  const text = readFileSync(path, 'utf8');
  return [...text.matchAll(/\b(?:describe|it|test)(?:\.\w+)?(?:\([^)]*\))?\(\s*(['"`])(.+?)\1\s*,/gs)].map(
    ([, , title = '']) => title
  );
}

describe('the table of attacks', () => {
  const rows = table();

  it('has every attack once, each with a defence and a test', () => {
    expect(rows.map(({ number }) => number)).toEqual(Array.from({ length: ATTACKS }, (_, n) => `S${n + 1}`));
    for (const { number, defence, tests } of rows) {
      expect(defence.length, number).toBeGreaterThan(10);
      expect(tests.length, number).toBeGreaterThan(0);
    }
  });

  it.each(rows.map((row) => [row.number, row] as const))('%s names tests that there are', (_, { tests }) => {
    for (const { file, title } of tests) {
      const path = pathOf(file);
      expect(path, file).toBeDefined();
      if (title !== '') expect(titlesIn(path ?? ''), file).toContain(title);
      else expect(titlesIn(path ?? '').length, file).toBeGreaterThan(0);
    }
  });

  it('leaves out no group of the attacks’ own tests', () => {
    const groups = readdirSync(import.meta.dirname)
      .filter((file) => file.endsWith('.test.ts'))
      .flatMap((file) => {
        const name = `attacks/${file.slice(0, -'.test.ts'.length)}`;
        return titlesIn(join(import.meta.dirname, file)).flatMap((title) =>
          [...(/^((?:S\d+(?:, )?)+):/.exec(title)?.[1]?.matchAll(/S\d+/g) ?? [])].map(([number]) => ({
            number,
            name,
            title
          }))
        );
      });
    expect(groups.length).toBeGreaterThan(20);
    for (const { number, name, title } of groups) {
      const row = rows.find((one) => one.number === number);
      expect(row?.tests, `${number} in ${name}`).toContainEqual({ file: name, title });
    }
  });
});
