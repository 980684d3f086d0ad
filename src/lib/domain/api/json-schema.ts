import { z } from 'zod';
import { components } from './named.ts';
import { isSchema, type Operation } from './operation.ts';
import { problemName, problems } from './problems.ts';

/** JSON Schema (2020-12) of the schemas that the operations name, as zod itself makes it. */
export interface JsonSchema {
  $ref?: string;
  properties?: Record<string, JsonSchema>;
  required?: string[];
  anyOf?: JsonSchema[];
  [keyword: string]: unknown;
}

const URI = '#/components/schemas/';

/** By id; whatever is one of them is referred to by the others. `binary`: some of it is no JSON, but bytes in a frame. */
export function outputSchemas(all: ReadonlyMap<string, z.ZodType>, binary = false): Map<string, JsonSchema> {
  const registry = z.registry<{ id?: string }>();
  for (const [id, schema] of all) registry.add(schema, { id });
  const { schemas } = z.toJSONSchema(registry, {
    ...{ target: 'draft-2020-12', io: 'output', uri: (id) => `${URI}${id}` },
    unrepresentable: binary ? 'any' : 'throw'
  });
  return new Map(Object.entries(schemas).map(([id, schema]) => [id, plain(schema)]));
}

/** What may be sent: without what a default fills in. */
export const inputSchema = (schema: z.ZodType): JsonSchema =>
  plain(z.toJSONSchema(schema, { target: 'draft-2020-12', io: 'input', unrepresentable: 'any' }));

/** Without the keywords that a schema has by itself and not inside of a document. */
const plain = (schema: object): JsonSchema => {
  const { $schema: _, $id: __, ...rest } = schema as JsonSchema;
  return rest;
};

/** The answers and problems of these operations: those with a name as components, the others in their place. */
export function answerSchemas(of: readonly Operation[]) {
  const problemSchemas = [...problems].map(([code, schema]) => [problemName(code), schema] as const);
  const all = new Map<string, z.ZodType>([...components, ...problemSchemas]);
  const ids = new Map([...all].map(([id, schema]) => [schema, id]));
  for (const answer of of.flatMap(({ answers }) => Object.values(answers))) {
    if (!isSchema(answer) || ids.has(answer)) continue;
    const id = `answer.${ids.size}`;
    ids.set(answer, id);
    all.set(id, answer);
  }
  const made = outputSchemas(all);
  return {
    components: Object.fromEntries([...made].filter(([id]) => !id.startsWith('answer.'))),
    of(answer: z.ZodType): JsonSchema {
      const id = ids.get(answer) ?? '';
      return id.startsWith('answer.') ? (made.get(id) ?? {}) : { $ref: `${URI}${id}` };
    }
  };
}
