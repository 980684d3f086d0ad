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

/** Reads the tokens through a probe: a custom property's text is not a colour, what the browser makes of it is. */
export function readPalette(host: HTMLElement): Palette {
  const probe = document.createElement('span');
  host.append(probe);
  const colour = (token: string) => {
    probe.style.color = `var(--${token})`;
    return getComputedStyle(probe).color;
  };
  const colours = {
    tiers: [1, 2, 3, 4, 5].map((n) => colour(`tier-${n}`)),
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
  return {
    ...colours,
    pixels: {
      ...{ tiers: colours.tiers.map(asPixel), onTier: asPixel(colours.onTier) },
      ...{ gone: asPixel(colours.gone), faint: asPixel(colours.faint) }
    }
  };
}

/** What a colour, in whatever notation, is on the screen. */
function asPixel(colour: string): number {
  const pen = document.createElement('canvas').getContext('2d');
  if (!pen) return 0;
  pen.fillStyle = colour;
  pen.fillRect(0, 0, 1, 1);
  const [red = 0, green = 0, blue = 0] = pen.getImageData(0, 0, 1, 1).data;
  return (blue << 16) | (green << 8) | red;
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
