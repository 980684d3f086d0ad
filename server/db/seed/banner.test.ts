import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { banner } from './banner.ts';
import { PROGRAMME } from './programme.ts';

describe('the banners of the demo', () => {
  it.each(PROGRAMME)('$slug is the one we drew', ({ slug, colours, sold }) => {
    const kept = readFileSync(new URL(`../../../static/banners/${slug}.svg`, import.meta.url), 'utf8');
    expect(kept).toBe(banner(slug, colours, sold));
  });
});
