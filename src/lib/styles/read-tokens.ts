export type Theme = 'dark' | 'light';

/** Red, green and blue from 0 to 255, and how much of it there is from 0 to 1. */
export type Colour = readonly [red: number, green: number, blue: number, alpha: number];

/** The tokens of tokens.css in the order of the file, by name without the dashes. */
export function readTokens(css: string): ReadonlyMap<string, string> {
  const text = css.replaceAll(/\/\*[\s\S]*?\*\//g, '');
  return new Map(
    Array.from(text.matchAll(/--([a-z][\w-]*):\s*([^;]+);/g), ([, name = '', value = '']) => [name, value])
  );
}

/** What a token is as a colour in a theme, or null if it is none. Reads as much of CSS as tokens.css writes. */
export function colourOf(tokens: ReadonlyMap<string, string>, name: string, theme: Theme): Colour | null {
  const value = tokens.get(name);
  return value === undefined ? null : parse(tokens, value.trim(), theme);
}

function parse(tokens: ReadonlyMap<string, string>, value: string, theme: Theme): Colour | null {
  if (value === 'transparent') return [0, 0, 0, 0];
  if (value.startsWith('#')) return fromHex(value.slice(1));
  const [, call = '', inside = ''] = /^([a-z-]+)\((.*)\)$/.exec(value) ?? [];
  if (call === 'rgb') return fromNumbers(inside);
  if (call === 'var') return colourOf(tokens, inside.slice(2), theme);
  const [first = '', second = '', third = ''] = byCommas(inside);
  if (call === 'light-dark') return parse(tokens, theme === 'light' ? first : second, theme);
  if (call !== 'color-mix' || first !== 'in srgb') return null;
  const [, top = '', percent = ''] = /^(.*) (\d+)%$/.exec(second) ?? [];
  return mix(parse(tokens, top, theme), parse(tokens, third, theme), Number(percent) / 100);
}

function fromHex(digits: string): Colour {
  const all = digits.length === 3 ? Array.from(digits, (digit) => digit + digit).join('') : digits;
  const at = (n: number) => Number.parseInt(all.slice(2 * n, 2 * n + 2), 16);
  return [at(0), at(1), at(2), 1];
}

function fromNumbers(inside: string): Colour {
  const [red = 0, green = 0, blue = 0, alpha = 1] = inside.split(/[\s/]+/).map(Number);
  return [red, green, blue, alpha];
}

/** Splits at the commas that are not within brackets. */
const byCommas = (inside: string) => inside.split(/,(?![^(]*\))/).map((part) => part.trim());

/** color-mix(in srgb, …): weighted by how much there is of each. */
function mix(a: Colour | null, b: Colour | null, part: number): Colour | null {
  if (!a || !b) return null;
  const [ofA, ofB] = [a[3] * part, b[3] * (1 - part)];
  const alpha = ofA + ofB;
  const channel = (n: 0 | 1 | 2) => (alpha === 0 ? 0 : (a[n] * ofA + b[n] * ofB) / alpha);
  return [channel(0), channel(1), channel(2), alpha];
}

/** A colour as it looks on a ground. */
export function over(top: Colour, ground: Colour): Colour {
  const channel = (n: 0 | 1 | 2) => top[n] * top[3] + ground[n] * (1 - top[3]);
  return [channel(0), channel(1), channel(2), 1];
}

/** How much light a colour gives (WCAG 2.2, relative luminance). */
function light([red, green, blue]: Colour): number {
  const linear = (channel: number) => {
    const part = channel / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  };
  return 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue);
}

/** How a colour stands out from its ground, from 1 to 21 (WCAG 2.2, contrast ratio). */
export function contrast(ink: Colour, ground: Colour): number {
  const [a, b] = [light(over(ink, ground)), light(ground)];
  return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
}

/** `#rrggbb`, as files that know no tokens write it. */
export const asHex = ([red, green, blue]: Colour): string =>
  `#${[red, green, blue].map((channel) => Math.round(channel).toString(16).padStart(2, '0')).join('')}`;
