import pg from 'pg';

/** What some work says to Postgres, to be said again by bare clients: the same statements about other things. */
export interface Statement {
  text: string;
  values: readonly unknown[];
}

/** Runs `work` and writes down every statement that any pg client of this process sends meanwhile, in order. */
export async function recordStatements(work: () => Promise<unknown>): Promise<Statement[]> {
  const recorded: Statement[] = [];
  const { query } = pg.Client.prototype;
  Reflect.set(pg.Client.prototype, 'query', function (this: pg.Client, ...args: unknown[]) {
    const [first, values] = args;
    if (typeof first === 'string') recorded.push({ text: first, values: Array.isArray(values) ? [...values] : [] });
    else if (isConfig(first)) recorded.push({ text: first.text, values: first.values ?? asList(values) });
    return Reflect.apply(query, this, args) as unknown;
  });
  try {
    await work();
  } finally {
    Reflect.set(pg.Client.prototype, 'query', query);
  }
  return recorded;
}

const asList = (values: unknown): unknown[] => (Array.isArray(values) ? [...(values as unknown[])] : []);
const isConfig = (query: unknown): query is { text: string; values?: unknown[] } =>
  typeof query === 'object' && query !== null && 'text' in query && typeof query.text === 'string';

/**
 * A function that says the statements again on a client, prepared once for each connection, with the recorded names
 * (ids, keys, lists of seats) replaced by others.
 */
export function replay(statements: readonly Statement[]) {
  return async (client: pg.Client, names: ReadonlyMap<string, string>, lists: ReadonlyMap<string, unknown[]>) => {
    const renew = (value: unknown): unknown => {
      if (Array.isArray(value)) return lists.get(JSON.stringify(value)) ?? value;
      if (typeof value !== 'string') return value;
      let renewed = value;
      for (const [old, other] of names) renewed = renewed.replaceAll(old, other);
      return renewed;
    };
    for (const [n, { text, values }] of statements.entries()) {
      if (values.length === 0) await client.query(text);
      else await client.query({ name: `statement-${n}`, text, values: values.map(renew) });
    }
  };
}
