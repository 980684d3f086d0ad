import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import satisfies from 'spdx-satisfies';

/** What may be built into a service under MIT: all of these allow it, and ask for no more than to be named. */
export const ALLOWED = [
  ...[
    'MIT',
    'MIT-0',
    'ISC',
    '0BSD',
    'BSD-2-Clause',
    'BSD-3-Clause',
    'Apache-2.0',
    'BlueOak-1.0.0',
    'Unlicense',
    'CC0-1.0',
    'Zlib'
  ],
  // Fonts and lists, and files that stay files of their own: what is changed in them is to be shown, not what uses them.
  ...['OFL-1.1', 'MPL-2.0', 'CC-BY-3.0', 'CC-BY-4.0', 'Python-2.0']
];
/** Libraries that are loaded, not built in, and can be replaced by whoever has the program: all that the LGPL asks for. */
const LOADED: Readonly<Record<string, string>> = { '@img/': 'LGPL-3.0-or-later' };
/** Packages whose package.json forgot it; their LICENSE says. */
const UNSAID: Readonly<Record<string, string>> = {
  'png-js': 'MIT',
  'sqlite-wasm-kysely': 'MIT',
  'svelte-toolbelt': 'MIT',
  'xmlhttprequest-ssl': 'MIT'
};

export interface Package {
  name: string;
  version: string;
  /** As its package.json has it: an SPDX expression, if all is well. */
  license?: unknown;
  licenses?: unknown;
}

/** The packages in a node_modules folder, and in those within it. */
export function installed(folder: string): Package[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    if (!entry.isDirectory() || entry.name.startsWith('.')) return [];
    const path = join(folder, entry.name);
    if (entry.name.startsWith('@')) return installed(path);
    return [...packageAt(path), ...nested(join(path, 'node_modules'))];
  });
}

function packageAt(path: string): Package[] {
  try {
    const { name, version, license, licenses } = JSON.parse(
      readFileSync(join(path, 'package.json'), 'utf8')
    ) as Package;
    return [{ name, version, license, licenses }];
  } catch {
    return [];
  }
}
function nested(folder: string): Package[] {
  try {
    return installed(folder);
  } catch {
    return [];
  }
}

/** One line for each package that may not be used, or does not say under what licence it may. */
export function notAllowed(packages: readonly Package[]): string[] {
  return packages.flatMap((one) => {
    const expression = expressionOf(one);
    if (expression === null) return [`${one.name} ${one.version} does not say its licence`];
    const loaded = Object.entries(LOADED).flatMap(([names, licence]) => (one.name.startsWith(names) ? [licence] : []));
    try {
      if (satisfies(expression, [...ALLOWED, ...loaded])) return [];
    } catch {
      return [`${one.name} ${one.version}: ${expression} is no SPDX expression`];
    }
    return [`${one.name} ${one.version}: ${expression} is not among the licences that we use`];
  });
}

/** Old packages have `{type}`, or a list of those, of which one may be chosen. */
function expressionOf({ name, license, licenses }: Package): string | null {
  if (typeof license === 'string' && license !== '') return license;
  const listed = [license, licenses]
    .flat()
    .flatMap((one: unknown) =>
      typeof one === 'object' && one !== null && 'type' in one && typeof one.type === 'string' ? [one.type] : []
    );
  return listed.length > 0 ? `(${listed.join(' OR ')})` : (UNSAID[name] ?? null);
}
