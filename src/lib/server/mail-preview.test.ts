import { describe, expect, it } from 'vitest';
import { inTheme, withPictures } from './mail-preview.ts';

const MAIL = `<meta name="color-scheme" content="light dark" /><style>:root { color-scheme: light dark; }
@media (prefers-color-scheme: dark) { .ink { color: #fff } }</style><p>light dark matter</p><img src="cid:one@fullhouse" />`;

describe('a mail that is looked at', () => {
  it('is light or dark whatever the machine prefers, and says the same', () => {
    expect(inTheme(MAIL, 'dark')).toContain('@media all {');
    expect(inTheme(MAIL, 'light')).toContain('@media not all {');
    expect(inTheme(MAIL, 'dark')).toContain('content="dark"');
    expect(inTheme(MAIL, 'light')).toContain('color-scheme: light;');
    expect(inTheme(MAIL, 'light')).toContain('light dark matter');
  });

  it('has its pictures from the mail itself', () => {
    const seen = withPictures(MAIL, [{ cid: 'one@fullhouse', png: Buffer.from('png') }]);
    expect(seen).toContain(`src="data:image/png;base64,${Buffer.from('png').toString('base64')}"`);
  });
});
