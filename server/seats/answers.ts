import type { Hold, SeatWish } from '#domain/protocol.ts';
import { busy, isRefusal, notFound, refuse, showCancelled, type Refusal } from '#domain/refusal.ts';
import type { SeatIndex } from '#domain/seat-map.ts';
import type { HoldAnswer } from './seat-state.ts';

/** What the scripts answer, as a hold or in words for the buyer. */
export function toHold(answer: HoldAnswer | Refusal): Hold | Refusal {
  if (isRefusal(answer)) return answer;
  switch (answer.is) {
    case 'hold': {
      const { buyer: _, network: __, ...hold } = answer.hold;
      return hold;
    }
    case 'TAKEN':
      return seatsTaken(answer.seats, []);
    case 'CAP':
      return refuse(
        'CAP_REACHED',
        `One buyer may have at most ${answer.cap} seats of this show` +
          (answer.taken > 0 ? `, and ${answer.taken} of yours are booked or being paid for.` : '.'),
        { cap: answer.cap }
      );
    case 'NETWORK':
      return refuse(
        'CAP_REACHED',
        `At most ${answer.cap} seats of this show can be had from one internet connection, and ${answer.taken} are. ` +
          'Choose fewer, or use another connection (such as your phone’s).',
        { cap: answer.cap, network: true }
      );
    case 'COOL': {
      const seconds = Math.max(1, Math.ceil((answer.until - answer.now) / 1000));
      const whose = answer.whose === 'buyer' ? 'Seats you held' : 'Seats held from your internet connection';
      return refuse(
        'RATE_LIMITED',
        `${whose} ran out again and again without being bought. You can choose seats again in ${waitInWords(seconds)}.`,
        { retryAfter: seconds }
      );
    }
    case 'ROOM':
      return refuse(
        'NOT_ADMITTED',
        'This show has a waiting room. Enter it, and choose your seats when you are admitted.'
      );
    case 'LIMIT':
      return refuse('LIMIT_REACHED', 'These seats cannot be kept any longer. Please go on to payment.', {
        deadline: answer.deadline
      });
    case 'EARLY':
      return refuse('SALE_CLOSED', 'The sale has not opened yet.', { opensAt: new Date(answer.opens).toISOString() });
    case 'RANGE':
      return refuse('INVALID', `This show has no seat number ${answer.seat}.`, {
        errors: [{ path: 'seats', message: `has no seat ${answer.seat}` }]
      });
    case 'PLAN':
      return refuse('CHANGED_MEANWHILE', 'The seating plan of this show has changed. Please choose your seats again.');
    case 'FULL':
      return refuse('CAP_REACHED', 'A hold can have at most 50 seats.', { cap: 50 });
    case 'PAUSED':
      return refuse('SALE_PAUSED', 'The sale is paused for a moment. Seats you hold stay yours; please wait here.');
    case 'CLOSED':
      return refuse('SALE_CLOSED', 'The sale for this show is closed.');
    case 'CANCELLED':
      return showCancelled();
    case 'PAYING':
      return refuse('FORBIDDEN', 'You are paying for these seats. Finish the payment or let the booking go first.');
    case 'HOLDING':
      return refuse('LIMIT_REACHED', 'This buyer is choosing seats of this show at the moment.');
    case 'OVER':
    case 'NONE':
      return refuse('HOLD_EXPIRED', 'Your hold has ended and the seats are on sale again. Please choose once more.');
    case 'FOREIGN':
      return notFound('hold');
    case 'REBUILD':
      return busy();
  }
}

/** Where having no hold is an answer, not a refusal. */
export const orNull = (answer: HoldAnswer | Refusal): Hold | null | Refusal =>
  !isRefusal(answer) && (answer.is === 'NONE' || answer.is === 'OVER') ? null : toHold(answer);

export const seatsTaken = (seats: readonly SeatIndex[], alternatives: readonly SeatIndex[][]) =>
  refuse(
    'SEAT_TAKEN',
    seats.length === 1
      ? 'Someone took that seat a moment ago. Please choose another one.'
      : 'Someone took those seats a moment ago. Please choose others.',
    { seats, alternatives }
  );

/** Nothing satisfies the wish: no seat was asked for by number, so none is named. */
export function nothingFits({ count, area }: SeatWish, alternatives: readonly SeatIndex[][]) {
  const what =
    area !== undefined
      ? `There are no ${count} places left there.`
      : count === 1
        ? 'There is no such seat left.'
        : `There are no ${count} such seats side by side any more.`;
  const next = alternatives.length > 0 ? 'See what comes closest.' : 'Please ask for fewer, or for other seats.';
  return refuse('SEAT_TAKEN', `${what} ${next}`, { seats: [], alternatives });
}

const waitInWords = (seconds: number) =>
  seconds < 90 ? `${seconds} ${seconds === 1 ? 'second' : 'seconds'}` : `${Math.ceil(seconds / 60)} minutes`;
