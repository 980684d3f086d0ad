import { isRefusal } from '#domain/refusal.ts';
import type { OutboxPayload } from '../booking/outbox.ts';
import type { JobParts } from './parts.ts';

/**
 * Makes the live map agree with what Postgres says of a show now: its sale, its terms and the blocks of these seats.
 * The control room does the same at once; this mends what a crash between the two has left. Can come late and twice.
 */
export async function syncShow(
  { seats }: Pick<JobParts, 'seats'>,
  { showId, seats: changed }: OutboxPayload<'show.sync'>
): Promise<void> {
  for (const step of [() => seats.setSale(showId), () => seats.follow(showId, changed)]) {
    const answer = await step();
    if (!isRefusal(answer)) continue;
    // A show that has been deleted meanwhile has no map to bring up to date.
    if (answer.code === 'NOT_FOUND') return;
    throw new Error(`the live map could not be brought up to date: ${answer.code}`);
  }
}
