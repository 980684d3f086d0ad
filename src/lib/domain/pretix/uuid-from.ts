/**
 * A UUID that is the same for the same words, so that two exports of a plan do not differ. pretix asks for the form of
 * version 4 and for uniqueness within the file; FNV-1a, four times with other seeds, is enough for that.
 */
export function uuidFrom(words: string): string {
  const hex = [1, 2, 3, 4].map((seed) => hash(`${seed} ${words}`).toString(16).padStart(8, '0')).join('');
  const variant = ((parseInt(hex[16] ?? '0', 16) & 3) | 8).toString(16);
  return [hex.slice(0, 8), hex.slice(8, 12), `4${hex.slice(13, 16)}`, variant + hex.slice(17, 20), hex.slice(20)].join(
    '-'
  );
}

function hash(text: string): number {
  let sum = 0x811c9dc5;
  for (let n = 0; n < text.length; n++) sum = Math.imul(sum ^ text.charCodeAt(n), 0x01000193) >>> 0;
  return sum;
}
