import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { PAIRS } from './pairs.ts';
import { asHex, colourOf, contrast, over, readTokens, type Theme } from './read-tokens.ts';

const read = (file: string) => readFileSync(file, 'utf8');
const TOKENS = 'src/lib/styles/tokens.css';
const tokens = readTokens(read(TOKENS));
/** The page around Swagger UI, which has colours of its own and only one theme. */
const FOREIGN = 'src/routes/api/v1/docs/page.css';
const below = (folder: string, ends: RegExp) =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => ends.test(file))
    .map((file) => join(folder, file));
/** Styles, and the one that is handed to the service worker as text. */
const files = below('src', /\.(svelte|css)$|offline-style\.ts$/).filter((file) => file !== TOKENS && file !== FOREIGN);
const scripts = below('src', /(?<!\.test)\.ts$/);

const withoutComments = (text: string) => text.replaceAll(/\/\*[\s\S]*?\*\//g, '');

/** The styles of a file: all of a style sheet, the <style> of a component, and what it sets on its elements. */
function stylesOf(file: string): string {
  const text = read(file);
  if (!file.endsWith('.svelte')) return withoutComments(text);
  const blocks = Array.from(text.matchAll(/<style[^>]*>([\s\S]*?)<\/style>/g), ([, css = '']) => css);
  const attributes = Array.from(text.matchAll(/\bstyle="([^"]*)"/g), ([, css = '']) => `{${css};}`);
  const directives = Array.from(
    text.matchAll(/\bstyle:([\w-]+)="([^"]*)"/g),
    ([, name, value]) => `{${name}: ${value};}`
  );
  return withoutComments([...blocks, ...attributes, ...directives].join('\n'));
}

interface Declaration {
  file: string;
  name: string;
  value: string;
}

const declarations: Declaration[] = files.flatMap((file) =>
  Array.from(
    stylesOf(file).matchAll(/(?<=[{;]\s*)(-{0,2}[a-z][\w-]*):\s*([^;{}]+)(?=[;}])/g),
    ([, name = '', value = '']) => ({
      ...{ file, name, value: value.trim() }
    })
  )
);

const where = ({ file, name, value }: Declaration) => `${file}: ${name}: ${value}`;

/** Declarations of these properties whose own words (what is not a token's name) have `raw` in them. */
const having = (properties: RegExp, raw: RegExp) =>
  declarations
    .filter(({ name, value }) => properties.test(name) && raw.test(value.replaceAll(/--[\w-]+/g, '')))
    .map(where);

/** The named colours that anybody would write; `transparent` and `currentcolor` are none. */
const NAMED =
  'black|white|gr[ae]y|silver|red|maroon|crimson|tomato|coral|salmon|orange|gold|yellow|khaki|olive|lime|green|teal|' +
  'aqua|cyan|turquoise|blue|navy|indigo|violet|purple|magenta|fuchsia|pink|plum|orchid|brown|tan|beige|ivory|snow|' +
  '(?:dark|light|medium|deep|pale|hot|rebecca|dodger|royal|steel|slate|forest|sea|sky|midnight)[a-z]+';

test('no style has a colour of its own', () => {
  const raw = new RegExp(
    String.raw`#[0-9a-f]{3,8}\b|\b(?:rgb|hsl|hwb|lab|lch|oklab|oklch|color|color-mix)a?\(|(?<![\w-])(?:${NAMED})(?![\w-])`,
    'i'
  );
  expect(having(/./, raw)).toEqual([]);
});

test('no style has a size of letters of its own, nor a height of lines', () => {
  expect(having(/^(font|font-size|line-height)$/, /\d(?:px|r?em|pt|%)|\d\.\d/)).toEqual([]);
});

test('no style has a duration, a curve or a layer of its own', () => {
  expect(having(/^(transition|animation)/, /\d(?:ms|s)\b|cubic-bezier|(?<![\w-])ease/)).toEqual([]);
  expect(having(/^z-index$/, /[1-9]/)).toEqual([]);
});

test('distances, corners and shadows are of the scale', () => {
  /** A grid drawn with dots has measures of its own; what is not seen is a pixel large, and takes it back. */
  const drawn = new Set(['src/lib/components/Logo.svelte: gap: 3px', 'src/lib/styles/base.css: margin: -1px']);
  const raw = /[1-9]\d*(?:\.\d+)?(?:px|r?em)\b/;
  const spaces = having(/^(margin|padding|gap|row-gap|column-gap|inset|top|right|bottom|left|scroll-padding)/, raw);
  expect(spaces.filter((found) => !drawn.has(found) && !found.includes('calc(50% - 20px)'))).toEqual([]);
  expect(having(/^border.*radius$|shadow$|^outline/, raw)).toEqual([]);
});

test('what a finger hits is as large as the token says', () => {
  expect(
    having(/^(min-)?(width|height)$/, /\b(?:36|4[0-9]|52)px/).filter((found) => !found.endsWith('width: 40px'))
  ).toEqual([]);
});

test('pages are laid out anew at the widths that the tokens name, and at no others', () => {
  const breaks = [...tokens].filter(([name]) => name.startsWith('break-')).map(([, value]) => Number.parseInt(value));
  // One pixel more begins what comes after the break.
  const known = new Set(breaks.flatMap((px) => [px, px + 1]));
  const asked = [...files.map(stylesOf), ...scripts.map(read)].flatMap((text) =>
    Array.from(text.matchAll(/\((?:min-|max-)?(?:width|height)[^)]*?(\d+)px\)|'max-width: (\d+)px'/g), ([, a, b]) =>
      Number(a ?? b)
    )
  );
  expect(asked.length).toBeGreaterThan(20);
  expect(asked.filter((px) => !known.has(px))).toEqual([]);
});

test('every token that is used exists, and every token is used', () => {
  const texts = [...files, ...scripts].map((file) => withoutComments(read(file)));
  const used = new Set(
    [...texts, read(TOKENS)].flatMap((text) =>
      Array.from(text.matchAll(/var\(\s*--([\w-]*\w)/g), ([, name = '']) => name)
    )
  );
  const own = new Set(
    texts.flatMap((text) => Array.from(text.matchAll(/(?:style:)?--([\w-]+)(?=[:=])/g), ([, name = '']) => name))
  );
  expect(
    [...used].filter((name) => name !== 'tier' && !name.startsWith('bits-') && !tokens.has(name) && !own.has(name))
  ).toEqual([]);
  // The canvas asks for its colours by name, and so do the tiers.
  const palette = read('src/lib/seatmap/palette.ts');
  const named = (name: string) =>
    palette.includes(`colour('${name}')`) || /^tier-\d$/.test(name) || name.startsWith('break-');
  expect([...tokens.keys()].filter((name) => !used.has(name) && !named(name))).toEqual([]);
});

describe.each<Theme>(['dark', 'light'])('with the lights %s', (theme) => {
  const colour = (name: string) => {
    const found = colourOf(tokens, name, theme);
    if (!found) throw new Error(`${name} is not a colour`);
    return found;
  };

  test.each(PAIRS)('$ink on $ground can be told apart', ({ ink, ground, least }) => {
    expect(contrast(colour(ink), over(colour(ground), colour('house')))).toBeGreaterThanOrEqual(least);
  });

  test('what is written on a picture can be read, however bright the picture is', () => {
    const ground = over(colour('on-picture-ground'), [255, 255, 255, 1]);
    expect(contrast(colour('on-picture'), ground)).toBeGreaterThanOrEqual(4.5);
  });
});

describe('where no token reaches', () => {
  const all = (['dark', 'light'] as const).flatMap((theme) =>
    [...tokens.keys()].flatMap((name) => {
      const colour = colourOf(tokens, name, theme);
      return colour?.[3] === 1 ? [asHex(colour)] : [];
    })
  );
  const hex = (name: string, theme: Theme) => asHex(colourOf(tokens, name, theme) ?? [0, 0, 0, 0]);

  test('the bars of a browser have the colour of the house', () => {
    const head = read('src/lib/phone/AppHead.svelte');
    expect(head).toContain(`{ dark: '${hex('house', 'dark')}', light: '${hex('house', 'light')}' }`);
    const manifest: unknown = JSON.parse(read('static/app.webmanifest'));
    const house = hex('house', 'dark');
    expect(manifest).toMatchObject({ background_color: house, theme_color: house });
  });

  test.each([
    ...below('server/mail/templates', /\.ts$/),
    'server/tickets/pdf.ts',
    'server/pictures/share/share-picture.ts',
    'src/lib/phone/offline-style.ts'
  ])('%s has the tokens’ colours', (file) => {
    const found = Array.from(read(file).matchAll(/#(?:[0-9a-f]{6}|[0-9a-f]{3})\b/gi), ([text]) => text.toLowerCase());
    const long = found.map((text) => (text.length === 4 ? text.replaceAll(/[^#]/g, '$&$&') : text));
    expect(long.filter((text) => !all.includes(text))).toEqual([]);
  });
});
