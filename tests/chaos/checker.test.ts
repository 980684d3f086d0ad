import { describe, expect, it } from 'vitest';
import type { AuditReport } from '../../server/audit/audit.ts';
import { ADA, book, hold, look, SEAT, STORED, T } from './ada.ts';
import { check } from './checker.ts';
import type { Evidence, FollowUp, Played } from './evidence.ts';
import { INVARIANTS, type Fault, type Invariant } from './faults/fault.ts';
import type { Op } from './history.ts';
import type { Look } from './watch.ts';

const second = (n: number, given: Partial<Look> = {}): Look => ({
  ...{
    at: T + n * 1000,
    share: 1,
    doubles: [],
    head: { epoch: 1, version: 10 + n },
    live: [],
    resident: { node: 1000 }
  },
  seen: [{ client: 1, at: T + n * 1000, epoch: 1, version: 10 + n, since: T - 60_000 }],
  ...given
});
const report = (invariant: AuditReport['checks'][number]['invariant']): AuditReport => ({
  ...{ at: '', ok: false, shows: 1, acks: 0 },
  checks: [{ invariant, name: 'a check', says: '', findings: [{ key: 'k', evidence: {} }] }]
});
const live = (invariant: Invariant, name: string) => [{ invariant, check: name, key: 'k', evidence: {} }];

const whole: Evidence = {
  ...{ history: ADA, losses: [], looks: [0, 1, 2, 3].map((n) => second(n)), played: [], audits: [], told: [] },
  ...{ bookings: [STORED], mails: [{ booking: 'b1', accepted: [T + 3000] }], slow: [], left: 0 },
  ...{ overAt: T + 60_000, endAt: T + 90_000 },
  ...{ rest: { server: 'same', clients: [{ client: 1, hash: 'same' }] }, residentAtMost: 1_000_000 }
};
const followUp = (kind: string, due: number, done: number | null): FollowUp => ({ id: '1', kind, due, done });
const fault = (given: Partial<Fault> = {}): Fault => ({
  ...{ id: 'N0', name: 'a fault', expected: '', lastsMs: { long: 1, short: 1 }, relaxes: {} },
  ...{ begin: () => undefined },
  ...given
});
const played = (given: Partial<Fault> = {}): Played => ({
  ...{ round: 1, fault: fault(given), from: T, to: T + 3000, roundTo: T + 3000, notes: [] }
});
const broken = (given: Partial<Evidence>) => [
  ...new Set(check({ ...whole, ...given }).broken.map(({ invariant }) => invariant))
];

describe('the checker', () => {
  it('finds nothing in a run in which nothing is wrong', () => {
    expect(check(whole)).toEqual({ broken: [], relaxed: [] });
  });

  const cases: [string, Invariant, Partial<Evidence>][] = [
    [
      'a look that sees two live bookings of one seat',
      'I1',
      { looks: [second(0, { doubles: [{ show: 's', seat: SEAT, bookings: ['b1', 'b2'] }] })] }
    ],
    [
      'two buyers who were told that the seat is theirs',
      'I1',
      { history: [...ADA, look('h1', 'b2', T + 3000)], bookings: [STORED, { ...STORED, id: 'b2' }] }
    ],
    ['an acknowledged booking that is not there', 'I2', { bookings: [] }],
    ['a booking that was acknowledged as paid and never was', 'I2', { bookings: [{ ...STORED, confirmed: false }] }],
    ['an acknowledged booking at another price', 'I2', { bookings: [{ ...STORED, total: 1 }] }],
    ['a booking with a seat less', 'I3', { bookings: [{ ...STORED, seats: [] }] }],
    [
      'a booking of half a hold',
      'I3',
      { history: [book('ada', 'h1', 'b1', T, 'k', [SEAT])].map((op) => ({ ...op, seats: [SEAT, 2] })) }
    ],
    ['two who hold a seat at the same time', 'I5', { history: [...ADA, hold('bob', 'h2', T + 500)] }],
    ['a seat that is held again after it was sold', 'I5', { history: [...ADA, hold('bob', 'h2', T + 500_000)] }],
    [
      'one key that made two bookings',
      'I9',
      { history: [...ADA, book('ada', 'h1', 'b2', T + 1500, 'k-b1')], bookings: [STORED, { ...STORED, id: 'b2' }] }
    ],
    ['one click that made two holds', 'I9', { history: [...ADA, hold('ada', 'h3', T + 100, [7], 'r-h1')] }],
    ['sums that are not the capacity', 'I11', { looks: [second(0, { live: live('I11', 'conservation') })] }],
    [
      'a hold that has not ended in two looks',
      'L1',
      { looks: [0, 1].map((n) => second(n, { live: live('L1', 'holds-end') })) }
    ],
    [
      'a sold seat that nobody mends on the map',
      'I8',
      { looks: [0, 30, 70].map((n) => second(n, { live: live('I8', 'map-follows-books') })) }
    ],
    [
      'a client that is behind',
      'L2',
      { looks: [second(0), second(3, { seen: [{ client: 1, at: T + 3000, epoch: 1, version: 9, since: T - 9000 }] })] }
    ],
    ['a version that goes back', 'L2', { looks: [second(0), second(1, { head: { epoch: 1, version: 3 } })] }],
    ['an epoch that goes back', 'L2', { looks: [second(0), second(1, { head: { epoch: 0, version: 90 } })] }],
    [
      'a client whose map is another at rest',
      'L2',
      { rest: { server: 'one', clients: [{ client: 1, hash: 'other' }] } }
    ],
    ['a paid booking without its mail', 'L3', { mails: [{ booking: 'b1', accepted: [] }] }],
    ['a mail that came twice without a reason', 'L3', { mails: [{ booking: 'b1', accepted: [T, T + 9000] }] }],
    [
      'a service that does not get well again',
      'L4',
      { played: [{ ...played({ recovers: { what: 'hold', withinMs: 5000 } }), roundTo: T + 10_000 }] }
    ],
    [
      'a checkout that fails while none may',
      'L4',
      {
        played: [played({ noFailedCheckout: true })],
        history: [...ADA, { ...book('bob', 'h9', 'b9', T + 500), outcome: 'unknown', got: undefined } as unknown as Op]
      }
    ],
    [
      'somebody signed in who is told to sign in',
      'L4',
      { history: [...ADA, { ...book('bob', 'h9', 'b9', T), got: undefined, code: 'UNAUTHENTICATED' } as unknown as Op] }
    ],
    ['a process that has grown too large', 'L5', { looks: [second(0, { resident: { node: 2_000_000 } })] }],
    ['work that never ended', 'L6', { left: 1 }],
    ['work that took too long', 'L6', { slow: [followUp('seats.sync', T, T + 60_001)] }],
    ['a mail that took too long', 'L3', { slow: [followUp('mail.confirmation', T, T + 60_001)] }],
    ['a mail that has not gone out yet', 'L3', { slow: [followUp('mail.confirmation', T, null)] }],
    ['money that the gateway got and we heard of too late', 'I4', { slow: [followUp('payment', T, T + 60_001)] }],
    [
      'what a fault saw itself',
      'I4',
      { told: [{ invariant: 'I4', at: T, what: 'a forged message was taken', evidence: {} }] }
    ]
  ];
  it.each(cases)('goes red at %s (%s)', (_, invariant, given) => {
    expect(broken(given)).toEqual([invariant]);
  });

  const audited = INVARIANTS.filter((invariant) => !['L2', 'L4', 'L5'].includes(invariant));
  it.each(audited)('goes red at what the audit calls broken (%s)', (invariant) => {
    const found = report(invariant as AuditReport['checks'][number]['invariant']);
    expect(broken({ audits: [{ at: T, report: found }] })).toEqual([invariant]);
  });

  it('lets a mail be late while the sale goes on, and not at the end', () => {
    const late = report('L3');
    const [found] = late.checks;
    const mails = { ...late, checks: found ? [{ ...found, name: 'mails' }] : [] };
    const clean = { ...late, checks: [] };
    expect(
      broken({
        audits: [
          { at: T, report: mails },
          { at: T + 1, report: clean }
        ]
      })
    ).toEqual([]);
    expect(
      broken({
        audits: [
          { at: T, report: clean },
          { at: T + 1, report: mails }
        ]
      })
    ).toEqual(['L3']);
  });

  it('does not take one look for a hold that never ends', () => {
    expect(broken({ looks: [second(0, { live: live('L1', 'holds-end') }), second(1)] })).toEqual([]);
  });

  it('allows what the fault of that moment allows, and counts it', () => {
    const looks = [second(1, { live: live('I11', 'conservation') }), second(2)];
    const during = [played({ relaxes: { I11: 1000 } })];
    expect(check({ ...whole, looks, played: during })).toMatchObject({ broken: [], relaxed: [{ invariant: 'I11' }] });
    const later = [second(5, { live: live('I11', 'conservation') })];
    expect(broken({ looks: later, played: during })).toEqual(['I11']);
  });

  it('gives what has to be mended its time from the end of a fault that kept it from being mended', () => {
    const looks = [0, 30, 70].map((n) => second(n, { live: live('I8', 'map-follows-books') }));
    const away = { ...played({ delays: ['work'] }), from: T + 20_000, to: T + 40_000 };
    expect(broken({ looks, played: [away] })).toEqual([]);
    expect(broken({ looks: [...looks, { ...second(101), live: looks[0]?.live ?? null }], played: [away] })).toEqual([
      'I8'
    ]);
    const sums = [second(61, { live: live('I11', 'conservation') })];
    const damaged = played({ relaxes: { I11: 50_000 } });
    expect(broken({ looks: sums, played: [damaged] })).toEqual(['I11']);
    expect(broken({ looks: sums, played: [damaged, away] })).toEqual([]);
  });

  it('counts seconds by what the machine could do in them', () => {
    const work = [followUp('seats.sync', T, T + 90_000)];
    const slow = (share: number) => [0, 40, 100].map((n) => second(n, { share }));
    expect(broken({ slow: work, looks: slow(1) })).toEqual(['L6']);
    expect(broken({ slow: work, looks: slow(0.7) })).toEqual(['L6']);
    expect(broken({ slow: work, looks: slow(0.6) })).toEqual([]);
    const behind = { seen: [{ client: 1, at: T + 3000, epoch: 1, version: 9, since: T - 9000 }] };
    expect(broken({ looks: [second(0), second(3, { ...behind, share: 0.7 })] })).toEqual(['L2']);
    expect(broken({ looks: [second(0), second(3, { ...behind, share: 0.6 })] })).toEqual([]);
  });

  it('never allows a double sale because something else may go wrong', () => {
    const looks = [second(1, { doubles: [{ show: 's', seat: SEAT, bookings: ['b1', 'b2'] }] })];
    expect(broken({ looks, played: [played({ relaxes: { I5: 60_000, I8: 60_000, I11: 60_000 } })] })).toEqual(['I1']);
  });

  it('ends holds, not bookings, where Redis lost its data', () => {
    const open = [hold('ada', 'h1', T), hold('bob', 'h2', T + 2000)];
    expect(broken({ history: open, bookings: [], mails: [] })).toEqual(['I5']);
    expect(broken({ history: open, bookings: [], mails: [], losses: [T + 1000] })).toEqual([]);
    // Made before, and answered after it.
    expect(broken({ history: open, bookings: [], mails: [], losses: [T + 5] })).toEqual([]);
    expect(broken({ history: open, bookings: [], mails: [], losses: [T - 1] })).toEqual(['I5']);
    const sold = [...ADA, hold('bob', 'h2', T + 5000)];
    expect(broken({ history: sold, losses: [T + 3000] })).toEqual(['I5']);
  });

  it('allows a second copy of a mail only where the first yes came while a worker was killed', () => {
    const killed = [played({ killsWorker: true })];
    const copies = (...accepted: number[]) => ({ mails: [{ booking: 'b1', accepted }], played: killed });
    expect(broken(copies(T + 1000, T + 60_000))).toEqual([]);
    expect(broken(copies(T + 1000, T + 60_000, T + 61_000))).toEqual(['L3']);
    expect(broken(copies(T - 5000, T + 1000))).toEqual(['L3']);
    expect(broken({ ...copies(T + 1000, T + 60_000), played: [played()] })).toEqual(['L3']);
  });

  it('gives a mail a minute from the end of a fault that was in its way, and of no other', () => {
    const slow = [followUp('mail.confirmation', T + 1000, T + 62_000)];
    expect(broken({ slow, played: [played({ delays: ['mails'] })] })).toEqual([]);
    expect(broken({ slow, played: [played({ delays: ['work'] })] })).toEqual(['L3']);
    expect(broken({ slow, played: [played()] })).toEqual(['L3']);
    const later = [followUp('mail.confirmation', T + 1000, T + 63_001)];
    expect(broken({ slow: later, played: [played({ delays: ['mails'] })] })).toEqual(['L3']);
    const afterwards = { ...played({ delays: ['mails'] }), from: T + 61_500, to: T + 62_000 };
    expect(broken({ slow, played: [afterwards] })).toEqual(['L3']);
  });

  it('believes the clients who held what was booked, where Redis has lost the new name of a hold', () => {
    const named = (guest: string, user: string): AuditReport => {
      const evidence = { hold: 'h1', version: 11, problem: `it was ${guest}’s, and the booking is ${user}’s` };
      const { checks, ...rest } = report('I6');
      return { ...rest, checks: checks.map((one) => ({ ...one, findings: [{ key: 'k', evidence }] })) };
    };
    const seen = (guest: string, user: string) => ({ losses: [T], audits: [{ at: T, report: named(guest, user) }] });
    const history = [hold('guest', 'h1', T), { ...book('ada', 'h1', 'b1', T + 1000) }, look('h1', 'b1', T + 2000)];
    expect(broken({ ...seen('guest', 'ada'), history })).toEqual([]);
    expect(broken({ ...seen('guest', 'ada'), history, losses: [] })).toEqual(['I6']);
    expect(broken({ ...seen('guest', 'bob'), history })).toEqual(['I6']);
    expect(broken({ ...seen('other', 'ada'), history })).toEqual(['I6']);
  });

  it('takes what is wrong with the log for as old as the entry is', () => {
    const found: AuditReport = report('I10');
    const checks = found.checks.map((one) => ({ ...one, findings: [{ key: 'k', evidence: { version: 13 } }] }));
    const audits = [{ at: T + 90_000, report: { ...found, checks } }];
    const during = (from: number) => [{ ...played({ relaxes: { I10: 1000 } }), from, to: from + 500 }];
    expect(broken({ audits, played: during(T + 2500) })).toEqual([]);
    expect(broken({ audits, played: during(T + 500) })).toEqual(['I10']);
    expect(broken({ audits, played: during(T + 89_500) })).toEqual(['I10']);
  });
});
