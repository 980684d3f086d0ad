import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { FINDINGS_AT_MOST, SETTLING_SECONDS, type CheckName, type Finding, type Look } from './check.ts';

/**
 * What the books alone can show. Each check is one query in sql/, named like it: the rows it answers are the findings,
 * and their first column, `key`, tells one from another.
 */
const CHECKS: readonly CheckName[] = [
  { invariant: 'I1', name: 'one-booking-per-seat', says: 'A seat of a show belongs to at most one live booking.' },
  {
    invariant: 'I1',
    name: 'one-ticket-per-seat',
    says: 'A seat of a show has at most one ticket that lets somebody in.'
  },
  { invariant: 'I3', name: 'whole-bookings', says: 'A booking has all of its seats, or none.' },
  { invariant: 'I3', name: 'tickets-of-seats', says: 'Confirmed seats have their ticket, and no others do.' },
  { invariant: 'I4', name: 'totals', says: 'A booking costs the sum of its seats.' },
  {
    invariant: 'I4',
    name: 'payments',
    says: 'Every payment has its one booking, and every confirmed booking its payment.'
  },
  { invariant: 'I4', name: 'refunds', says: 'What was paid, less what goes back, is what the live seats are worth.' },
  {
    invariant: 'I4',
    name: 'differences',
    says: 'Every difference that was paid for dearer seats has its one move, or goes back.'
  },
  { invariant: 'I4', name: 'gateway-books', says: 'Our books and the sandbox gateway’s own say the same.' },
  { invariant: 'I6', name: 'holds-of-bookings', says: 'A booking came from a hold of its own show.' },
  { invariant: 'I7', name: 'caps', says: 'No user has more seats of a show than its cap.' },
  { invariant: 'I9', name: 'nothing-twice', says: 'What was asked for twice was done once.' },
  { invariant: 'I10', name: 'booking-states', says: 'Bookings and payments went through allowed states only.' },
  { invariant: 'L3', name: 'mails', says: `Every mail was accepted, or is less than ${SETTLING_SECONDS} s late.` },
  {
    invariant: 'L6',
    name: 'stuck-bookings',
    says: `Every booking, and every move to dearer seats, ended within ${SETTLING_SECONDS} s of its time to pay.`
  },
  { invariant: 'L6', name: 'stuck-work', says: `What follows a commit was done within ${SETTLING_SECONDS} s.` }
];

const texts = new Map<string, Promise<string>>();
const textOf = (name: string): Promise<string> => {
  const known = texts.get(name) ?? readFile(join(import.meta.dirname, 'sql', `${name}.sql`), 'utf8');
  texts.set(name, known);
  return known;
};

/** `:settling` stands for the interval that what follows a commit is given. */
const prepared = async (name: string) => {
  const query = (await textOf(name)).replaceAll(':settling', `interval '${SETTLING_SECONDS} seconds'`);
  return `select * from (${query}) found order by key limit ${FINDINGS_AT_MOST}`;
};

export const postgresLook: Look = {
  names: CHECKS,
  async look({ sql }) {
    const found = new Map<string, Finding[]>();
    for (const { name } of CHECKS) {
      const { rows } = await sql.query<{ key: string } & Record<string, unknown>>(await prepared(name));
      found.set(
        name,
        rows.map(({ key, ...evidence }) => ({ key, evidence }))
      );
    }
    return found;
  }
};
