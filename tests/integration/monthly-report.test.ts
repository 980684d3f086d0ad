import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { reportQuery } from '../../src/lib/domain/reports.ts';
import { createApp, type App } from '../../server/app.ts';
import type { Config } from '../../server/config.ts';
import { reportMonths } from '../../server/jobs/report-months.ts';
import { must, until } from './house.ts';
import { organizerOf } from './refund-house.ts';
import { sell } from './sales.ts';
import { makeShow, makeUser, type MadeShow } from './shows.ts';
import { startSmtp, type TestSmtp } from './smtp.ts';
import { makeConfig } from './stack.ts';

/** What an organizer gets once a month: the desk's own figures, counted by the days of most of their venues. */
let smtp: TestSmtp;
let config: Config;
let app: App;

beforeAll(async () => {
  smtp = await startSmtp();
  config = await makeConfig({ SMTP_URL: smtp.url, ORIGIN: 'https://tickets.example' });
  app = createApp(config);
});
afterAll(async () => {
  await app.close();
  await smtp.close();
});

const inboxOf = (show: MadeShow) => smtp.to(`${show.organizerId}@test.example`);

/** A show of an organizer who has been there for years. */
async function makeHouse(zone: string, title = 'A Test Play'): Promise<MadeShow> {
  const show = await makeShow(app.db, 50);
  await app.db.query(`update event set title = $2, created_at = '2024-01-01T00:00:00Z' where id = $1`, [
    show.eventId,
    title
  ]);
  await app.db.query('update venue set time_zone = $2 where organizer_id = $1', [show.organizerId, zone]);
  return show;
}
const reports = async (show: MadeShow) =>
  (
    await app.db.query<{ month: string; zone: string }>(
      `select to_char(month, 'YYYY-MM') as month, zone from monthly_report where organizer_id = $1 order by 1`,
      [show.organizerId]
    )
  ).rows;

describe('the monthly report', () => {
  it('has the figures of the desk for the days of that month there, and a file that a spreadsheet may open', async () => {
    const show = await makeHouse('Pacific/Auckland', '=HYPERLINK("http://evil.test")');
    const userId = await makeUser(app.db);
    const sale = (at: string, index: number, price: number, currency = 'EUR') => ({
      ...{ show, userId, at: new Date(at), currency },
      seats: [{ index, price }]
    });
    await sell(app.db, [
      // The first moment of October there, and the last; and a moment before and after.
      sale('2031-09-30T11:00:00Z', 0, 1000),
      sale('2031-10-31T10:59:59Z', 1, 2500),
      sale('2031-09-30T10:59:59Z', 2, 9900),
      sale('2031-10-31T11:00:00Z', 3, 9900)
    ]);
    const by = organizerOf(show);
    const query = reportQuery.parse({ from: '2031-10-01', to: '2031-10-31', zone: 'Pacific/Auckland' });
    const desk = must(await app.reports.report(by, 'shows', query)).rows;
    expect(desk).toMatchObject([{ bookings: 2, tickets: 2, revenue: 3500 }]);

    await app.db.query(
      `insert into monthly_report (organizer_id, month, zone) values ($1, '2031-10-01', 'Pacific/Auckland')`,
      [show.organizerId]
    );
    for (let again = 0; again < 2; again++) await app.mail.monthlyReport(show.organizerId, '2031-10-01');
    const [mail, ...more] = inboxOf(show);
    expect(more).toEqual([]);
    expect(mail?.subject).toBe('Your sales in October 2031');
    expect(mail?.recipients).toEqual([`${show.organizerId}@test.example`]);
    expect(mail?.text).toContain('Sold in EUR: €35, 2 tickets in 2 bookings');
    expect(mail?.text).toContain('By the days of Auckland time');
    expect(mail?.html).toContain('=HYPERLINK(&quot;http://evil.test&quot;)');
    expect(mail?.html).toContain('https://tickets.example/admin/reports/shows?from=2031-10-01&amp;to=2031-10-31');
    const [file] = mail?.attachments ?? [];
    expect([file?.filename, file?.mimeType]).toEqual(['sales-by-show-2031-10.csv', 'text/csv']);
    const lines = Buffer.from(file?.content as ArrayBuffer)
      .toString()
      .split('\r\n');
    expect(lines[0]).toBe('\uFEFFShow,Starts,Venue,Bookings,Tickets,Revenue,Currency,Time zone');
    expect(lines[1]).toMatch(/^"'=HYPERLINK\(""http:\/\/evil\.test""\)",.*,2,2,35\.00,EUR,Pacific\/Auckland$/);
    expect(lines).toHaveLength(3);
  });

  it('is in the language of who gets it', async () => {
    const show = await makeHouse('Europe/Berlin');
    const userId = await makeUser(app.db);
    const seats = Array.from({ length: 2 }, (_, index) => ({ index, price: 65_050 }));
    await sell(app.db, [{ show, userId, at: new Date('2031-10-12T10:00:00Z'), currency: 'EUR', seats }]);
    await app.db.query(
      `insert into monthly_report (organizer_id, month, zone) values ($1, '2031-10-01', 'Europe/Berlin')`,
      [show.organizerId]
    );
    await app.db.query(`update app_user set language = 'de' where id = $1`, [show.organizerId]);
    await app.mail.monthlyReport(show.organizerId, '2031-10-01');
    const [mail] = inboxOf(show);
    expect(mail?.subject).toBe('Ihre Verkäufe im Oktober 2031');
    expect(mail?.text).toMatch(/^Verkauft in EUR: 1\.301\s€ für 2 Tickets in 1 Buchung$/m);
    expect(mail?.text).toContain('Nach den Tagen der Ortszeit Berlin');
    for (const said of [mail?.text, mail?.html])
      expect(said).not.toMatch(/\b(?:sold|by event|bookings?|the report)\b/i);
  });

  it('is due at seven in the morning of the first day, by the clock of most of their venues', async () => {
    const show = await makeHouse('Asia/Kolkata');
    await app.db.query(
      `insert into venue (id, organizer_id, slug, name, city, country, time_zone)
       select 'v' || n || left(id, 10), organizer_id, 'v' || n || left(id, 10), 'Other', 'Mumbai', 'IN',
              case n when 1 then 'Asia/Kolkata' else 'Europe/Berlin' end
         from venue cross join generate_series(1, 2) n where organizer_id = $1`,
      [show.organizerId]
    );
    await reportMonths(app, new Date('2031-11-01T01:29:59Z'));
    expect(await reports(show)).toEqual([{ month: '2031-09', zone: 'Asia/Kolkata' }].slice(1));
    await reportMonths(app, new Date('2031-11-01T01:30:00Z'));
    expect(await reports(show)).toEqual([{ month: '2031-10', zone: 'Asia/Kolkata' }]);
    // A venue elsewhere opens, and most of them lie there now: the month has its report.
    await app.db.query(`update venue set time_zone = 'America/New_York' where organizer_id = $1`, [show.organizerId]);
    await reportMonths(app, new Date('2031-11-20T12:00:00Z'));
    expect(await reports(show)).toHaveLength(1);
  });

  it('comes late when nobody worked on the first, and not to who had nothing to sell by then', async () => {
    const [old, young] = [await makeHouse('Europe/Berlin'), await makeHouse('Europe/Berlin')];
    await app.db.query(`update event set created_at = '2032-02-01T00:00:00+01:00' where id = $1`, [young.eventId]);
    await reportMonths(app, new Date('2032-02-09T12:00:00Z'));
    expect((await reports(old)).map(({ month }) => month)).toContain('2032-01');
    expect(await reports(young)).toEqual([]);
    await app.db.query('update outbox set done_at = now()');
  });

  it('comes once with two workers, whose clock fires without being asked', async () => {
    const show = await makeHouse('Europe/Berlin');
    const workers = [createApp(config), createApp(config)];
    for (const worker of workers) await worker.jobs.start();
    await until('the report', () => inboxOf(show).length > 0);
    await Promise.all(workers.map((worker) => reportMonths(worker)));
    await new Promise((resolve) => setTimeout(resolve, 1200));
    await Promise.all(workers.map((worker) => worker.close()));
    expect(inboxOf(show).map(({ subject }) => subject)).toEqual([expect.stringMatching(/^Your sales in \w+ \d{4}$/)]);
  }, 20_000);
});
