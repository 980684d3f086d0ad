/** The design's colours as a canvas can use them. */
export interface Palette {
  tiers: string[];
  onTier: string;
  accent: string;
  onAccent: string;
  glow: string;
  gone: string;
  ink: string;
  soft: string;
  faint: string;
  stage: string;
  /** The same for seats that are drawn as pixels: `0xbbggrr`. */
  pixels: { tiers: number[]; onTier: number; gone: number; faint: number };
}

const TIERS = ['tier-1', 'tier-2', 'tier-3', 'tier-4', 'tier-5'] as const;
const TOKENS = [
  ...TIERS,
  ...(['on-tier', 'accent', 'on-accent', 'glow', 'gone', 'ink', 'ink-soft', 'ink-faint', 'stage'] as const)
];

/** Reads the tokens through a probe: a custom property's text is not a colour, what the browser makes of it is. */
export function readPalette(host: HTMLElement): Palette {
  const probe = document.createElement('span');
  // All are put there before the first is read: the browser works out the page's styles once, not once a colour.
  const parts = new Map(TOKENS.map((token) => [token, document.createElement('i')]));
  for (const [token, part] of parts) part.style.color = `var(--${token})`;
  probe.append(...parts.values());
  host.append(probe);
  const colour = (token: (typeof TOKENS)[number]) => {
    const part = parts.get(token);
    return part ? getComputedStyle(part).color : '';
  };
  const colours = {
    tiers: TIERS.map(colour),
    onTier: colour('on-tier'),
    accent: colour('accent'),
    onAccent: colour('on-accent'),
    glow: colour('glow'),
    gone: colour('gone'),
    ink: colour('ink'),
    soft: colour('ink-soft'),
    faint: colour('ink-faint'),
    stage: colour('stage')
  };
  probe.remove();
  const [onTier = 0, gone = 0, faint = 0, ...tiers] = asPixels([
    ...[colours.onTier, colours.gone, colours.faint],
    ...colours.tiers
  ]);
  return { ...colours, pixels: { tiers, onTier, gone, faint } };
}

/** What colours, in whatever notation, are on the screen. */
function asPixels(colours: readonly string[]): number[] {
  const canvas = document.createElement('canvas');
  [canvas.width, canvas.height] = [colours.length, 1];
  const pen = canvas.getContext('2d', { willReadFrequently: true });
  if (!pen) return colours.map(() => 0);
  colours.forEach((colour, n) => {
    pen.fillStyle = colour;
    pen.fillRect(n, 0, 1, 1);
  });
  const { data } = pen.getImageData(0, 0, colours.length, 1);
  return colours.map((_, n) => ((data[4 * n + 2] ?? 0) << 16) | ((data[4 * n + 1] ?? 0) << 8) | (data[4 * n] ?? 0));
}

/** Calls back when the lights go up or down. */
export function onThemeChange(listener: () => void): () => void {
  const media = matchMedia('(prefers-color-scheme: dark)');
  media.addEventListener('change', listener);
  addEventListener('themechange', listener);
  return () => {
    media.removeEventListener('change', listener);
    removeEventListener('themechange', listener);
  };
}
