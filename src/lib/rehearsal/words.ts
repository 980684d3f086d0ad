import * as m from '#domain/messages/compiled/rehearsal.js';
import type { RehearsalVerdict } from '#domain/rehearsal.ts';

/** What a worker says it is doing is kept in English; figures it gives with it are said as they are. */
const DOING: Readonly<Record<string, () => string>> = {
  'Copying the show': m.doing_copy,
  Selling: m.doing_sell,
  'Auditing what was sold …': m.doing_audit,
  'The worker that ran it went away.': m.worker_gone,
  'Something went wrong. The log has it.': m.went_wrong
};
/** The same for what it says with figures, in the order in which they stand there. */
const COUNTING: readonly [RegExp, (...figures: string[]) => string][] = [
  [/^Opening (\d+) processes …$/, (processes = '') => m.doing_open({ processes })],
  [/^Opening (\d+) processes and all connections …$/, (processes = '') => m.doing_open_all({ processes })],
  [/^Warming up: (\d+) of (\d+) /, (made = '', count = '') => m.doing_warm({ made, count })],
  [/^Waiting for the work after the commits: (\d+) left$/, (open = '') => m.doing_wait({ open })]
];

export function doingInWords(doing: string): string {
  for (const [said, words] of COUNTING) {
    const [whole, ...figures] = said.exec(doing) ?? [];
    if (whole !== undefined) return words(...figures);
  }
  return DOING[doing]?.() ?? doing;
}

const CHECKS: Readonly<Record<string, () => string>> = {
  'one-booking-per-seat': m.one_booking_per_seat,
  'one-ticket-per-seat': m.one_ticket_per_seat,
  'whole-bookings': m.whole_bookings,
  'tickets-of-seats': m.tickets_of_seats,
  totals: m.totals,
  payments: m.payments,
  refunds: m.refunds,
  differences: m.differences,
  'gateway-books': m.gateway_books,
  'holds-of-bookings': m.holds_of_bookings,
  caps: m.caps,
  'nothing-twice': m.nothing_twice,
  'booking-states': m.booking_states,
  'holds-exclude': m.holds_exclude,
  'only-the-holder-buys': m.only_the_holder_buys,
  'caps-of-holds': m.caps_of_holds,
  'map-follows-books': m.map_follows_books,
  'log-replays': m.log_replays,
  conservation: m.conservation,
  'holds-end': m.holds_end,
  'no-lost-booking': m.no_lost_booking,
  'acknowledged-holds': m.acknowledged_holds
};
const WITHIN: Readonly<Record<string, (time: { seconds: string }) => string>> = {
  mails: m.mails,
  'stuck-bookings': m.stuck_bookings,
  'stuck-work': m.stuck_work
};

/** What a check of the audit demands, by its name; one that is not known here speaks for itself. */
export function checkInWords({ name, says }: RehearsalVerdict['checks'][number]): string {
  const [, seconds] = /(\d+) s\b/.exec(says) ?? [];
  return (seconds === undefined ? CHECKS[name]?.() : WITHIN[name]?.({ seconds })) ?? says;
}
