import { error } from '@sveltejs/kit';
import type { z } from 'zod';
import { catalogId } from '#domain/ids.ts';
import { isRefusal } from '#domain/refusal.ts';
import type { Manager } from '../../../server/catalog/ownership.ts';

/** What the pages of the desk begin with. Layouts do not guard actions, so every load and action asks here itself. */

/** Whoever has no business here learns nothing: not even that there is such a page. */
export function manager(locals: App.Locals): Manager {
  const by = locals.app.desk.managerOf(locals.identity.user);
  if (isRefusal(by)) error(404, 'There is no such page.');
  return by;
}

/** For what is an admin's alone: to an organizer there is no such page. */
export function admin(locals: App.Locals): Manager {
  const by = manager(locals);
  if (by.owner !== null) error(404, 'There is no such page.');
  return by;
}

/** The same on the page of one thing. */
export function managing(locals: App.Locals, id: string): Manager {
  const by = manager(locals);
  if (!catalogId.safeParse(id).success) error(404, 'There is no such page.');
  return by;
}

/** The search, filters, order and page that the address names; empty fields of a form mean "any". */
export function searchOf<T>(url: URL, schema: z.ZodType<T>): T {
  const parsed = schema.safeParse(Object.fromEntries([...url.searchParams].filter(([, value]) => value !== '')));
  if (!parsed.success) error(400, 'That is not a search we understand.');
  return parsed.data;
}
