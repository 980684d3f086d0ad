import * as m from '#domain/messages/compiled/audit_fields.js';

/** Their parts are told apart by a name, which may hold blanks, or by a number: `tiers Front row price`, `shows 2 title`. */
const LISTS: ReadonlySet<string> = new Set(['tiers', 'ticketTypes', 'fees', 'shows']);

const WORDS: Readonly<Record<string, (() => string) | undefined>> = m;
/** A message more in audit_fields.json is known by that alone: `saleOpensAt` is `sale_opens_at` there. */
const wordFor = (key: string): string | undefined =>
  WORDS[key.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)]?.();

/** `venue city` as `Spielstätte, Stadt`, `tiers Parkett price` as `Preisgruppen, Parkett, Preis`; a field unknown here as it is stored. */
export function fieldInWords(field: string): string {
  const [first = '', ...rest] = field.split(' ');
  const last = rest.at(-1);
  const ofPart = LISTS.has(first) && rest.length > 1 && last !== undefined;
  const words = ofPart
    ? [wordFor(first), rest.slice(0, -1).join(' '), wordFor(last)]
    : [first, ...rest].map((key) => wordFor(key));
  return words.includes(undefined) ? field : words.join(', ');
}
