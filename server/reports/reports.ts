import type { AuditQuery, BookingsQuery, Column, Report, ReportName, ReportQuery, Row } from '#domain/reports.ts';
import { isRefusal, type Refusal } from '#domain/refusal.ts';
import type { Manager } from '../catalog/ownership.ts';
import type { Database } from '../db/database.ts';
import type { Live } from '../live/live.ts';
import type { Logger } from '../log.ts';
import type { Seats } from '../seats/seats.ts';
import { listAudit, type AuditLine } from './audit-log.ts';
import { listBookings, readBookingDetails, type BookingDetails, type BookingLine } from './bookings.ts';
import { groupColumns, salesByThing } from './by-thing.ts';
import { readDashboard, type Dashboard } from './dashboard.ts';
import { createExports, type Exports } from './exports.ts';
import { conversion, conversionColumns, occupancy, occupancyColumns, refundColumns, refunds } from './per-show.ts';
import { salesColumns, salesOverTime } from './sales.ts';
import { createToday, type Today } from './today.ts';
import { createTraffic } from './traffic.ts';
import { readWindow, type Window } from './window.ts';

/**
 * What the desk reads and never changes: figures, bookings, the audit log, and all of them as files. Everything takes
 * the `Manager` whose things these are: an organizer's own, or an admin's everything.
 */
export interface Reports {
  dashboard(by: Manager): Promise<Dashboard>;
  /** At most as old as a second or two, however many ask. */
  today(by: Manager): Promise<Today>;
  /** Refuses INVALID for days, zones and steps that cannot be. */
  report(by: Manager, name: ReportName, query: ReportQuery): Promise<Report | Refusal>;
  bookings(by: Manager, query: BookingsQuery): Promise<{ items: BookingLine[]; next: string | null }>;
  booking(by: Manager, id: string): Promise<BookingDetails | Refusal>;
  audit(by: Manager, query: AuditQuery): Promise<{ items: AuditLine[]; next: string | null }>;
  readonly exports: Exports;
  /** Writes what this node has counted. */
  flushTraffic(): Promise<void>;
  close(): Promise<void>;
}

type Make = (db: Database, by: Manager, query: ReportQuery, window: Window) => Promise<Row[] | Refusal>;
const byThing = (name: 'events' | 'shows' | 'tiers' | 'venues'): { columns: Column[]; make: Make } => ({
  columns: groupColumns(name),
  make: (db, by, query, window) => salesByThing(db, by, name, query, window)
});
/** `ahead`: the usual days of this report are those to come. */
const REPORTS: Readonly<Record<ReportName, { columns: readonly Column[]; make: Make; ahead?: boolean }>> = {
  sales: { columns: salesColumns, make: salesOverTime },
  events: byThing('events'),
  shows: byThing('shows'),
  tiers: byThing('tiers'),
  venues: byThing('venues'),
  occupancy: { columns: occupancyColumns, make: occupancy, ahead: true },
  conversion: { columns: conversionColumns, make: conversion },
  refunds: { columns: refundColumns, make: refunds }
};

export function createReports(parts: { db: Database; seats: Seats; live: Live; log: Logger }): Reports {
  const { db, seats, live } = parts;
  const log = parts.log.child({ part: 'reports' });
  const traffic = createTraffic({ db, tally: seats.tally, live, log });

  async function report(by: Manager, name: ReportName, query: ReportQuery): Promise<Report | Refusal> {
    const { columns, make, ahead } = REPORTS[name];
    const window = await readWindow(db, by, query, ahead);
    if (isRefusal(window)) return window;
    const rows = await make(db, by, query, window);
    if (isRefusal(rows)) return rows;
    return { name, columns: [...columns], rows, from: window.from, to: window.to, zone: window.zone };
  }

  return {
    dashboard: (by) => readDashboard(db, by, report),
    today: createToday({ db, seats, live }),
    report,
    bookings: (by, query) => listBookings(db, by, query),
    booking: (by, id) => readBookingDetails(db, by, id),
    audit: (by, query) => listAudit(db, by, query),
    exports: createExports(db),
    flushTraffic: () => traffic.flush(),
    close: () => traffic.close()
  };
}
