import type { HoldEnded } from '#domain/protocol.ts';
import type { SeatIndex } from '#domain/seat-map.ts';
import type { Refused } from './wire.ts';

export const ENDED: Record<HoldEnded['reason'], string> = {
  expired: 'Your time is up and your seats are on sale again. Choose once more: many are still there.',
  released: 'Your seats have been let go.',
  lost: 'We could not keep your seats. We are sorry; please choose again.',
  booked: 'Your seats are booked.'
};

/** The server knows seats by number; a person is told their names. */
export function refusalInWords(
  answer: Refused,
  asked: readonly SeatIndex[],
  nameOf: (seat: SeatIndex) => string
): string {
  if (answer.code !== 'SEAT_TAKEN') return answer.message;
  const names = (answer.seats ?? asked).map(nameOf);
  return `${names.join(' and ')} ${names.length === 1 ? 'was' : 'were'} taken a moment ago. Please choose another.`;
}
