import pg from 'pg';

/**
 * The control `--broken index`: the unique index is gone from the database, and so is the clause that names it, which
 * Postgres would not take without it. What is left must not be enough.
 */
const CLAUSE = 'on conflict (show_id, seat_index) where live do nothing';
const query: unknown = Reflect.get(pg.Client.prototype, 'query');
if (typeof query !== 'function') throw new Error('pg has no query any more: mend this control');

const without = (given: unknown): unknown => {
  if (typeof given === 'string') return given.replace(CLAUSE, '');
  if (typeof given !== 'object' || given === null || !('text' in given) || typeof given.text !== 'string') return given;
  return { ...given, text: given.text.replace(CLAUSE, '') };
};
Reflect.set(pg.Client.prototype, 'query', function (this: unknown, first: unknown, ...rest: unknown[]): unknown {
  const isStatement = typeof first === 'string' || (typeof first === 'object' && first?.constructor === Object);
  return Reflect.apply(query, this, [isStatement ? without(first) : first, ...rest]);
});
