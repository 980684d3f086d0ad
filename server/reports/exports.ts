import type { AuditQuery, BookingsQuery, Column, Report, Row, UsersQuery } from '#domain/reports.ts';
import type { Manager } from '../catalog/ownership.ts';
import type { Database } from '../db/database.ts';
import * as bookings from './booking-files.ts';
import * as catalog from './catalog-files.ts';
import { csvStream, moneyColumn, timeColumn, type CsvColumn } from './csv.ts';

/** Everything as CSV, streamed (csv.ts). `bom`: with the mark by which Excel knows UTF-8. */
interface Options {
  bom: boolean;
}
export type CsvFile = ReadableStream<Uint8Array>;
export interface Exports {
  venues(by: Manager, options: Options): CsvFile;
  events(by: Manager, options: Options): CsvFile;
  shows(by: Manager, options: Options): CsvFile;
  /** A line a booking. */
  bookings(by: Manager, query: BookingsQuery, options: Options): CsvFile;
  /** A line a seat. */
  tickets(by: Manager, query: BookingsQuery, options: Options): CsvFile;
  audit(by: Manager, query: AuditQuery, options: Options): CsvFile;
  /** Everybody's: whoever calls this has made sure that an admin asks. */
  users(query: UsersQuery, options: Options): CsvFile;
  report(report: Report, options: Options): CsvFile;
}

export function createExports(db: Database): Exports {
  return {
    venues: (by, options) => csvStream(catalog.venueColumns, catalog.venueRows(db, by), options),
    events: (by, options) => csvStream(catalog.eventColumns, catalog.eventRows(db, by), options),
    shows: (by, options) => csvStream(catalog.showColumns, catalog.showRows(db, by), options),
    bookings: (by, query, options) => csvStream(bookings.bookingColumns, bookings.bookingRows(db, by, query), options),
    tickets: (by, query, options) => csvStream(bookings.ticketColumns, bookings.ticketRows(db, by, query), options),
    audit: (by, query, options) => csvStream(catalog.auditColumns, catalog.auditRows(db, by, query), options),
    users: (query, options) => csvStream(catalog.userColumns, catalog.userRows(db, query), options),
    report: (report, options) => csvStream(columnsOf(report), once(report.rows), options)
  };
}

async function* once(rows: readonly Row[]) {
  yield await Promise.resolve(rows);
}

const text = (row: Row, key: string): string => String(row[key] ?? '');
const amount = (row: Row, key: string): number | null => {
  const value = row[key];
  return typeof value === 'number' ? value : null;
};

/** A report's columns, with the currency after its amounts and the zone after its times. */
function columnsOf(report: Report): CsvColumn<Row>[] {
  const zone = (row: Row) => text(row, 'timeZone') || report.zone;
  const one = ({ key, label, is }: Column): CsvColumn<Row> => {
    if (is === 'money')
      return moneyColumn(
        label,
        (row) => amount(row, key),
        (row) => text(row, 'currency')
      );
    if (is === 'time') return timeColumn(label, (row) => text(row, key) || null, zone);
    if (is === 'share') return { header: label, number: true, cell: (row) => amount(row, key)?.toFixed(4) ?? null };
    return { header: label, cell: (row) => row[key] ?? null };
  };
  const has = (what: Column['is']) => report.columns.some(({ is }) => is === what);
  return [
    ...report.columns.map(one),
    ...(has('money') ? [{ header: 'Currency', cell: (row: Row) => text(row, 'currency') }] : []),
    ...(has('time') || report.name === 'sales' ? [{ header: 'Time zone', cell: zone }] : [])
  ];
}
