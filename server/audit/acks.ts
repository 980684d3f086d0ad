import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { collector, type CheckName, type Look } from './check.ts';
import { overlaps } from './hold-history.ts';

/**
 * What a load run was told, one JSON object a line in `acks-*.ndjson`: whatever was acknowledged must be so. Times are
 * milliseconds since 1970 by the simulator's clock, but for `deadline` and `expires`, which are the server's.
 */
const seats = z.array(z.number().int());
const line = z.discriminatedUnion('what', [
  z.object({
    ...{ what: z.literal('hold'), hold: z.string(), buyer: z.string(), seats },
    ...{ sent: z.number(), acked: z.number(), deadline: z.number() }
  }),
  /** The buyer let go of these seats, or asked to: from `sent` on they may be anybody's. */
  z.object({ what: z.literal('release'), hold: z.string(), seats, sent: z.number() }),
  z.object({
    what: z.literal('pending'),
    booking: z.string(),
    hold: z.string(),
    seats,
    total: z.number(),
    /** By the server's clock: unless it is confirmed, it lets its seats go then. */
    expires: z.number()
  }),
  z.object({
    ...{ what: z.literal('confirmed'), booking: z.string(), hold: z.string(), seats, total: z.number() },
    /** When the buyer was told so. */
    seen: z.number()
  })
]);
export type AckLine = z.infer<typeof line>;

export async function readAcks(folder: string): Promise<AckLine[]> {
  const files = (await readdir(folder)).filter((name) => /^acks-.*\.ndjson$/.test(name)).sort();
  if (files.length === 0)
    throw new Error(`${folder} holds no acks-*.ndjson: a load run writes them into its --out folder.`);
  const all: AckLine[] = [];
  for (const file of files) {
    const text = await readFile(join(folder, file), 'utf8');
    text.split('\n').forEach((row, n) => {
      // The last line of a process that was killed may be cut.
      if (row === '' || (n === text.split('\n').length - 1 && !row.endsWith('}'))) return;
      all.push(line.parse(JSON.parse(row)));
    });
  }
  return all;
}

const CHECKS: readonly CheckName[] = [
  {
    invariant: 'I2',
    name: 'no-lost-booking',
    says: 'Every booking that was acknowledged exists, with exactly its seats and price.'
  },
  { invariant: 'I5', name: 'acknowledged-holds', says: 'No two buyers were told that they hold one seat at one time.' }
];

interface Stored {
  id: string;
  status: string;
  hold: string;
  total: number;
  confirmed: boolean;
  seats: number[];
}

/** What the simulator was acknowledged, compared with what is stored. */
export const acksLook = (acks: readonly AckLine[]): Look => ({
  names: CHECKS,
  async look({ sql }) {
    const { found, add } = collector(CHECKS);
    const told = acks.filter((ack) => ack.what === 'pending' || ack.what === 'confirmed');
    const { rows } = await sql.query<Stored>(
      `select b.id, b.status, b.hold_id as hold, b.total, b.confirmed_at is not null as confirmed,
              array(select seat_index from booking_seat where booking_id = b.id order by 1) as seats
         from booking b where b.id = any($1::uuid[])`,
      [[...new Set(told.map(({ booking }) => booking))]]
    );
    const stored = new Map(rows.map((row) => [row.id, row]));
    for (const ack of told) {
      const is = stored.get(ack.booking);
      const problem = differs(ack, is);
      if (problem)
        add('no-lost-booking', `${ack.booking}/${ack.what}`, { problem, acknowledged: ack, stored: is ?? null });
    }
    for (const { seat, first, second } of overlaps(acks))
      add('acknowledged-holds', `${seat}/${first.hold}/${second.hold}`, { seat, first, second });
    return found;
  }
});

function differs(ack: Extract<AckLine, { what: 'pending' | 'confirmed' }>, is: Stored | undefined): string | null {
  if (!is) return 'there is no such booking';
  if (is.hold !== ack.hold) return 'it is of another hold';
  if (ack.what === 'confirmed' && !is.confirmed) return 'it was never confirmed';
  if (is.total !== ack.total) return 'it has another price';
  const wanted = [...ack.seats].sort((a, b) => a - b).join();
  return is.seats.join() === wanted ? null : 'it has other seats';
}
