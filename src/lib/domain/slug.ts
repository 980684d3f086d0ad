const LONGEST = 60;

/**
 * `The Cherry Orchard – Última función` → `the-cherry-orchard-ultima-funcion`: a title as a part of an address.
 * Empty for titles without a Latin letter or digit.
 */
export const slugOf = (title: string): string =>
  title
    .normalize('NFKD')
    .replaceAll(/\p{M}/gu, '')
    .replaceAll('ß', 'ss')
    .toLowerCase()
    .replaceAll(/['’]/g, '')
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-|-$/g, '')
    .slice(0, LONGEST)
    .replace(/-$/, '');
