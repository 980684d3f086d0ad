import { readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';

/**
 * Every address there is, read from the files of the routes: what is added there is attacked by all tests that walk this
 * list, without anyone remembering it.
 */
const ROUTES = resolve(import.meta.dirname, '../../../src/routes');
const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'];

export interface Call {
  method: string;
  /** With its parameters as they are named: `/api/v1/bookings/[id]`. */
  path: string;
}
export interface Page {
  path: string;
  /** Names of its form actions; `default` is the one without a name. */
  actions: string[];
}

const files = readdirSync(ROUTES, { recursive: true, encoding: 'utf8' }).sort();
const load = (file: string) => import(join(ROUTES, file)) as Promise<Record<string, unknown>>;
const pathOf = (folder: string) => `/${folder}`.replaceAll(/\/\([a-z]+\)/g, '').replace(/\/$/, '') || '/';

/** Each method of each `+server.ts`. */
export async function calls(): Promise<Call[]> {
  const found: Call[] = [];
  for (const file of files.filter((name) => name.endsWith('+server.ts') && !name.includes('[...rest]'))) {
    const handlers = await load(file);
    for (const method of METHODS) {
      if (method in handlers) found.push({ method, path: pathOf(file.slice(0, -'/+server.ts'.length)) });
    }
  }
  return found;
}

/** Each page with its form actions, those without anything to show among them. */
export async function pages(): Promise<Page[]> {
  const folders = new Set(
    files.flatMap((name) => (/\+page(\.server)?\.(svelte|ts)$/.test(name) ? [name.replace(/\/?\+page.*$/, '')] : []))
  );
  const found: Page[] = [];
  for (const folder of folders) {
    const server = folder === '' ? '+page.server.ts' : `${folder}/+page.server.ts`;
    const actions = files.includes(server) ? Object.keys((await load(server))['actions'] ?? {}) : [];
    found.push({ path: pathOf(folder), actions });
  }
  return found;
}

/** `?/name` of an action. */
export const actionOf = (name: string) => (name === 'default' ? '' : `?/${name}`);

/** The address with something in the place of each parameter; ids are of the kind that the name suggests. */
export function filled(path: string, id: (name: string, path: string) => string): string {
  return path.replaceAll(/\[(?:\.\.\.)?(\w+)\]/g, (_, name: string) => id(name, path));
}
