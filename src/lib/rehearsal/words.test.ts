import { speakHere } from '#domain/language.ts';
import { afterAll, describe, expect, it } from 'vitest';
import { doingInWords } from './words.ts';

describe('what a rehearsal is doing', () => {
  afterAll(() => speakHere('en'));

  it.each([
    ['Selling', 'Verkauft'],
    ['Opening 4 processes …', 'Öffnet 4 Prozesse …'],
    ['Opening 4 processes and all connections …', 'Öffnet 4 Prozesse und alle Verbindungen …'],
    ['Warming up: 310 of 900 buyers', 'Läuft warm: 310 von 900'],
    ['Waiting for the work after the commits: 12 left', 'Wartet auf die Arbeit nach den Buchungen: noch 12']
  ])('%s, in German', (said, german) => {
    speakHere('de');
    expect(doingInWords(said)).toBe(german);
  });

  it('is said as it is where it is not known', () => expect(doingInWords('Dancing')).toBe('Dancing'));
});
