import { waitInWords } from '../language.ts';
import * as m from '#domain/messages/compiled/refusals.js';
import type { Hold, SeatWish } from '#domain/protocol.ts';
import { notFound } from '#domain/not-found.ts';
import { busy, isRefusal, refuse, showCancelled, type Refusal } from '#domain/refusal.ts';
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
        answer.taken > 0 ? m.cap_taken({ cap: answer.cap, taken: answer.taken }) : m.cap({ cap: answer.cap }),
        { cap: answer.cap }
      );
    case 'NETWORK':
      return refuse('CAP_REACHED', m.network({ cap: answer.cap, taken: answer.taken }), {
        cap: answer.cap,
        network: true
      });
    case 'COOL': {
      const seconds = Math.max(1, Math.ceil((answer.until - answer.now) / 1000));
      const words = answer.whose === 'buyer' ? m.cool_buyer : m.cool_network;
      return refuse('RATE_LIMITED', words({ wait: waitInWords(seconds) }), { retryAfter: seconds });
    }
    case 'ROOM':
      return refuse('NOT_ADMITTED', m.room());
    case 'LIMIT':
      return refuse('LIMIT_REACHED', m.kept_limit(), {
        deadline: answer.deadline
      });
    case 'EARLY':
      return refuse('SALE_CLOSED', m.not_open_yet(), { opensAt: new Date(answer.opens).toISOString() });
    case 'RANGE':
      return refuse('INVALID', `This show has no seat number ${answer.seat}.`, {
        errors: [{ path: 'seats', message: `has no seat ${answer.seat}` }]
      });
    case 'PLAN':
      return refuse('CHANGED_MEANWHILE', m.plan_changed());
    case 'FULL':
      return refuse('CAP_REACHED', m.hold_full(), { cap: 50 });
    case 'PAUSED':
      return refuse('SALE_PAUSED', m.paused());
    case 'CLOSED':
      return refuse('SALE_CLOSED', m.closed());
    case 'CANCELLED':
      return showCancelled();
    case 'PAYING':
      return refuse('FORBIDDEN', m.paying());
    case 'HOLDING':
      return refuse('LIMIT_REACHED', 'This buyer is choosing seats of this show at the moment.');
    case 'OVER':
    case 'NONE':
      return refuse('HOLD_EXPIRED', m.hold_over());
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
  refuse('SEAT_TAKEN', m.seat_taken({ count: seats.length }), { seats, alternatives });

/** Nothing satisfies the wish: no seat was asked for by number, so none is named. */
export function nothingFits({ count, area }: SeatWish, alternatives: readonly SeatIndex[][]) {
  const what = area !== undefined ? m.no_places_left({ count }) : m.none_side_by_side({ count });
  const next = alternatives.length > 0 ? m.see_closest() : m.ask_fewer();
  return refuse('SEAT_TAKEN', `${what} ${next}`, { seats: [], alternatives });
}
