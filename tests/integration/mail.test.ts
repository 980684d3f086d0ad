import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { armFaultPoint, disarmFaultPoints } from '../../server/booking/fault-points.ts';
import { openDatabase } from '../../server/db/database.ts';
import { createLog } from '../../server/log.ts';
import { createMail } from '../../server/mail/mail.ts';
import { holdSeats, makeBuyer, must, openHouse, until, type House } from './house.ts';
import { makeShow } from './shows.ts';
import { startSmtp, type TestSmtp } from './smtp.ts';
import { makeConfig } from './stack.ts';
import { wait } from './visitors.ts';
import { openWire } from './wire.ts';

/** Mails are asked for directly here; that the jobs ask for them is told in the other tests. */
let house: House;
let smtp: TestSmtp;

beforeAll(async () => {
  smtp = await startSmtp();
  house = await openHouse(await makeConfig({ SMTP_URL: smtp.url, ORIGIN: 'https://tickets.example' }));
});
afterAll(async () => {
  await house.close();
  await smtp.close();
});
beforeEach(() => {
  smtp.behaviour = 'accept';
});

async function confirmed(change: { name?: string; title?: string } = {}) {
  const show = await makeShow(house.db, 10);
  if (change.title !== undefined)
    await house.db.query('update event set title = $2 where id = $1', [show.eventId, change.title]);
  await house.db.query(`update show set starts_at = '2026-12-12T14:00:00Z' where id = $1`, [show.id]);
  await house.db.query(
    `update venue set time_zone = 'Asia/Kolkata', name = 'Opera House', city = 'Mumbai', address = '1 Bridge Road'
      where id = (select venue_id from show where id = $1)`,
    [show.id]
  );
  const ada = await makeBuyer(house.db);
  if (change.name !== undefined)
    await house.db.query('update app_user set name = $2 where id = $1', [ada.user.id, change.name]);
  const hold = await holdSeats(house, show.id, ada.buyer, [0, 1]);
  const { booking, payment } = must(await house.booking.checkout(ada, { holdId: hold.id }, 'key'));
  must(await house.payments.sandboxDecide(payment.id, ada.user.id, 'success'));
  const { tickets } = must(await house.booking.view(booking.id, ada.user.id));
  return { ada, booking, tickets };
}
const claim = async (bookingId: string) =>
  (await house.db.query('select * from email_sent where dedupe_key = $1', [`confirmation:${bookingId}`])).rows[0];

describe('the confirmation', () => {
  it('says what, where and when in the venue’s own time, what it cost, and carries a code for each ticket', async () => {
    const { ada, booking, tickets } = await confirmed();
    await house.mail.confirmation(booking.id);
    const [mail] = smtp.to(ada.email);
    expect(mail?.subject).toBe('Your tickets for A Test Play');
    expect(mail?.to).toEqual([{ name: 'Ada Test', address: ada.email }]);
    for (const body of [mail?.text, mail?.html]) {
      for (const fact of [
        'A Test Play',
        'Sat 12 December 2026 · 19:30 (Kolkata time)',
        'Opera House, 1 Bridge Road, Mumbai',
        'Stalls, row A, seat 1; Stalls, row A, seat 2',
        '€50',
        `https://tickets.example/bookings/${booking.id}`,
        ...tickets.map((ticket) => ticket.code)
      ])
        expect(body).toContain(fact);
    }
    expect(mail?.attachments.map((picture) => [picture.mimeType, picture.disposition])).toEqual([
      ['image/png', 'inline'],
      ['image/png', 'inline'],
      ['application/pdf', 'attachment']
    ]);
    for (const { contentId } of mail?.attachments.slice(0, 2) ?? []) {
      expect(mail?.html).toContain(`src="cid:${contentId?.replace(/^<|>$/g, '') ?? '?'}"`);
    }
    expect(mail?.html).not.toMatch(/https?:\/\/(?!tickets\.example)/);
  });

  it('goes out once, asked for five times at once by two processes', async () => {
    const { ada, booking } = await confirmed();
    const other = createMail({ db: house.db, config: house.config, log: createLog('silent', false) });
    await Promise.allSettled([1, 2, 3, 4, 5].map((n) => (n % 2 ? house.mail : other).confirmation(booking.id)));
    await house.mail.confirmation(booking.id);
    await other.close();
    expect(smtp.to(ada.email)).toHaveLength(1);
    expect(await claim(booking.id)).toMatchObject({ recipient: ada.email, rejected: null, sent_at: expect.any(Date) });
  });

  it('cannot be sent to anyone else by a name with line breaks, nor be broken by HTML in names', async () => {
    const { ada, booking } = await confirmed({
      name: 'Ada\r\nBcc: eve@evil.test\r\n\r\n<script>alert(1)</script>, eve@evil.test',
      title: 'Fish & <Chips>\nBcc: eve@evil.test'
    });
    await house.mail.confirmation(booking.id);
    const [mail] = smtp.to(ada.email);
    expect(mail?.recipients).toEqual([ada.email]);
    expect(mail?.to).toHaveLength(1);
    expect(mail?.to?.[0]?.address).toBe(ada.email);
    expect([mail?.cc, mail?.bcc]).toEqual([undefined, undefined]);
    expect(mail?.subject).toBe('Your tickets for Fish & <Chips> Bcc: eve@evil.test');
    expect(mail?.html).not.toContain('<script>');
    expect(mail?.html).toContain('Fish &amp; &lt;Chips&gt;');
    expect(smtp.to('eve@evil.test')).toEqual([]);
  });
});

describe('a mail server', () => {
  it('that is busy is asked again, and no time is lost over it', async () => {
    const { ada, booking } = await confirmed();
    smtp.behaviour = 'later';
    await expect(house.mail.confirmation(booking.id)).rejects.toThrow('451');
    expect(await claim(booking.id)).toBeUndefined();
    smtp.behaviour = 'accept';
    await house.mail.confirmation(booking.id);
    expect(smtp.to(ada.email)).toHaveLength(1);
  });

  it('that is away is asked again', async () => {
    const { ada, booking } = await confirmed();
    const config = { ...house.config, smtpUrl: 'smtp://127.0.0.1:9' };
    const elsewhere = createMail({ db: house.db, config, log: createLog('silent', false) });
    await expect(elsewhere.confirmation(booking.id)).rejects.toThrow('ECONNREFUSED');
    await elsewhere.close();
    await house.mail.confirmation(booking.id);
    expect(smtp.to(ada.email)).toHaveLength(1);
  });

  it('that knows no such mailbox is not asked again, and the reason is kept', async () => {
    const { ada, booking } = await confirmed();
    smtp.behaviour = 'unknown mailbox';
    await house.mail.confirmation(booking.id);
    smtp.behaviour = 'accept';
    await house.mail.confirmation(booking.id);
    expect(smtp.to(ada.email)).toHaveLength(0);
    expect(await claim(booking.id)).toMatchObject({ sent_at: null, rejected: expect.stringContaining('550') });
  });

  it('that breaks off after it took the mail gets it again after a while, under the same Message-ID', async () => {
    const { ada, booking } = await confirmed();
    const parts = { db: house.db, config: house.config, log: createLog('silent', false) };
    const impatient = createMail(parts, { resendAfterMs: 3000 });
    smtp.behaviour = 'drop after data';
    await expect(impatient.confirmation(booking.id)).rejects.toThrow();
    smtp.behaviour = 'accept';
    await expect(impatient.confirmation(booking.id)).rejects.toThrow('another process');
    await until(
      'the resend',
      () =>
        impatient.confirmation(booking.id).then(
          () => true,
          () => false
        ),
      20_000
    );
    await impatient.close();
    const ids = smtp.to(ada.email).map((mail) => mail.messageId);
    expect(ids).toHaveLength(2);
    expect(new Set(ids).size).toBe(1);
    expect(ids[0]).toMatch(/^<[0-9a-f]{40}@fullhouse\.localhost>$/);
  });

  it('that took the mail while Postgres went away is not asked again: the yes is written down when Postgres is back', async () => {
    const { ada, booking } = await confirmed();
    const log = createLog('silent', false);
    const wire = await openWire(house.config.databaseUrl);
    const db = openDatabase(wire.url, log);
    const resendAfterMs = 1000;
    const mail = createMail({ db, config: house.config, log }, { resendAfterMs });
    armFaultPoint('mail:after-send', () => {
      disarmFaultPoints();
      wire.cut();
    });
    const sending = mail.confirmation(booking.id);
    await until('the yes', () => smtp.to(ada.email).length === 1);
    await wait(resendAfterMs + 200);
    wire.mend();
    // The queue gives it to a second job meanwhile.
    const again = () =>
      mail.confirmation(booking.id).then(
        () => true,
        () => false
      );
    await Promise.all([sending, until('a second job', again)]);
    await mail.close();
    await db.close();
    await wire.close();
    expect(smtp.to(ada.email)).toHaveLength(1);
    expect(await claim(booking.id)).toMatchObject({ sent_at: expect.any(Date) });
  });
});
