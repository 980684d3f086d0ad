import type { z } from 'zod';

/** Schemas with a name of their own in the documents; all others are written where they are used. */
export const components = new Map<string, z.ZodType>();

/** `const venue = named('Venue', z.object({ … }))` */
export function named<Schema extends z.ZodType>(name: string, schema: Schema): Schema {
  const known = components.get(name);
  if (known && known !== schema) throw new Error(`two schemas are called ${name}`);
  components.set(name, schema);
  return schema;
}
