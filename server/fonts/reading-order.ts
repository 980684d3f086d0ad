const RIGHT_TO_LEFT = /[\p{Script=Arabic}\p{Script=Hebrew}]/u;

export const isRightToLeft = (text: string): boolean => RIGHT_TO_LEFT.test(text);

/** Neighbouring words of a right-to-left script stand in the opposite order. */
export function inReadingOrder<Word extends { rightToLeft: boolean }>(line: readonly Word[]): Word[] {
  const ordered: Word[] = [];
  let from = 0;
  for (const word of line) {
    if (word.rightToLeft) ordered.splice(from, 0, word);
    else {
      ordered.push(word);
      from = ordered.length;
    }
  }
  return ordered;
}
