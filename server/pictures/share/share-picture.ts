import sharp from 'sharp';
import type { Plan } from '#domain/plan.ts';
import { outlineText, type OutlineStyle } from '../../fonts/outlines.ts';
import { paintSeats, placeIn, type Colour, type Frame } from './paint-plan.ts';

/** What is shown where somebody shares the address of a show: its words, and the house it is played in. */
export interface ShareWords {
  title: string;
  when: string;
  where: string;
}

export const SHARE_SIZE = { width: 1200, height: 630 };

/** The dark house of the pages (src/lib/styles/tokens.css), which no style sheet can be asked for here. */
const HOUSE = '#0d0c11';
const STAGE = '#201d28';
const INK = '#f5f1ea';
const SOFT = '#b3acbf';
const ACCENT = '#ffcf70';
const TIERS: readonly Colour[] = [
  [240, 166, 58],
  [90, 180, 232],
  [47, 181, 138],
  [217, 135, 181],
  [185, 166, 255]
];
const MARGIN = 64;
const WORDS_WIDTH = 470;
const MAP: Frame = { left: 580, top: 44, width: 572, height: 542 };

/** PNG. */
export async function drawShare(plan: Plan, words: ShareWords): Promise<Buffer> {
  const seats = paintSeats(plan, SHARE_SIZE, MAP, TIERS);
  return sharp(Buffer.from(background(plan, words)))
    .composite([{ input: seats, raw: { ...SHARE_SIZE, channels: 4 } }])
    .png({ palette: true, quality: 90, effort: 4 })
    .toBuffer();
}

function background(plan: Plan, { title, when, where }: ShareWords): string {
  const { at } = placeIn(plan, MAP);
  const points = (outline: readonly (readonly [number, number])[]) =>
    outline.map(([x, y]) => at(x, y).map(Math.round).join()).join(' ');
  const lines: string[] = [];
  let y = 150;
  const write = (text: string, style: OutlineStyle, colour: string, gap: number) => {
    const { path, bottom } = outlineText(text, { x: MARGIN, y, width: WORDS_WIDTH }, style);
    lines.push(`<path fill="${colour}" d="${path}"/>`);
    y = bottom + gap;
  };
  write(title, { face: 'title', size: title.length > 34 ? 52 : 64, maxLines: 4 }, INK, 28);
  write(when, { face: 'strong', size: 30, maxLines: 2 }, ACCENT, 10);
  write(where, { face: 'text', size: 28, maxLines: 2 }, SOFT, 0);
  const brand = outlineText('Fullhouse', { x: MARGIN, y: 46, width: 300 }, { face: 'title', size: 30, maxLines: 1 });
  const areas = plan.areas.map(({ outline, tier }) => {
    const ordinal = plan.tiers.find(({ id }) => id === tier)?.ordinal ?? 1;
    return `<polygon points="${points(outline)}" fill="rgb(${TIERS[ordinal - 1]?.join()})" fill-opacity="0.45"/>`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${SHARE_SIZE.width}" height="${SHARE_SIZE.height}">
    <rect width="100%" height="100%" fill="${HOUSE}"/>
    <path fill="${ACCENT}" d="${brand.path}"/>
    ${lines.join('')}
    <polygon points="${points(plan.stage.outline)}" fill="${STAGE}" stroke="#746d80"/>
    ${areas.join('')}
  </svg>`;
}
