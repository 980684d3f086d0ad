/** A mail as a mail program would show it, in a theme that does not depend on the machine that looks. */

type MailTheme = 'light' | 'dark';

/** The mail's own rules for the dark, switched on or off; and the colours that the program itself would paint. */
export const inTheme = (html: string, theme: MailTheme): string =>
  html
    .replaceAll('(prefers-color-scheme: dark)', theme === 'dark' ? 'all' : 'not all')
    .replaceAll(/light dark(?=["';])/g, theme);

/** Pictures that the mail carries, shown from the page itself. */
export const withPictures = (html: string, pictures: readonly { cid: string; png: Buffer }[] = []): string =>
  pictures.reduce(
    (text, { cid, png }) => text.replaceAll(`cid:${cid}`, `data:image/png;base64,${png.toString('base64')}`),
    html
  );
