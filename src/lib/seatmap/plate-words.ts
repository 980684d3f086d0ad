import * as m from '#domain/messages/compiled/seat_map.js';
import { currentLocale } from '#domain/language.ts';
import type { Block } from './house.ts';

interface Said {
  left: number;
  mine: number;
  crowd: number;
  words: string;
}

/** Of each section what was said last: it stands in every picture, and is put into words only when it is another. */
const said = new WeakMap<Block, Said>();

/** What is left in a section, how many of it are the reader's own, and how many people look at it, where they are many. */
export function plateWords(block: Block, left: number, mine: number, crowd: number): string {
  const before = said.get(block);
  if (before?.left === left && before.mine === mine && before.crowd === crowd) return before.words;
  const words = [
    mine > 0 ? m.plate_yours({ count: mine }) : '',
    m.plate_left({ count: left }),
    crowd > 0 ? m.looking({ count: crowd.toLocaleString(currentLocale()) }) : ''
  ]
    .filter((part) => part !== '')
    .join(' · ');
  said.set(block, { left, mine, crowd, words });
  return words;
}
