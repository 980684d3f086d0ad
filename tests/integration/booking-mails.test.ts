import { createServer } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isRefusal } from '../../src/lib/domain/refusal.ts';
import { createApp, type App } from '../../server/app.ts';
import { AGAIN_A_DAY } from '../../server/booking/send-again.ts';
import { codeOf, must, openHouse, until, type House } from './house.ts';
import { buy, organizerOf, type Paid } from './refund-house.ts';
import { makeShow, makeUser } from './shows.ts';
import { startSmtp, type TestSmtp } from './smtp.ts';
import { makeConfig } from './stack.ts';

/** What the desk sees of the mails about a booking, and sending the tickets once more. */
let port: number;
let house: House;
let app: App;

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === 'object' && address ? address.port : 0;
}

beforeAll(async () => {
  // Nobody listens there yet.
  port = await freePort();
  const config = await makeConfig({ SMTP_URL: `smtp://127.0.0.1:${port}` });
  house = await openHouse(config);
  app = createApp(config);
  await house.jobs.start();
});
afterAll(async () => {
  await house.close();
  await app.close();
});

const mailsOf = async ({ show, bookingId }: Paid) =>
  must(await app.reports.booking(organizerOf(show), bookingId)).mails;
async function withSmtp<T>(work: (smtp: TestSmtp) => Promise<T>): Promise<T> {
  const smtp = await startSmtp(port);
  try {
    return await work(smtp);
  } finally {
    await smtp.close();
  }
}

describe('while the mail server is away', () => {
  it('mails wait and say why, without a word about our machines; when it is back each goes out once', async () => {
    const sales = [
      await buy(house, await makeShow(house.db, 10), [1]),
      await buy(house, await makeShow(house.db, 10), [2])
    ];
    const [first] = sales as [Paid, Paid];
    const failed = await until('two failures', async () => {
      const [mail] = await mailsOf(first);
      return mail && mail.attempts >= 2 ? mail : null;
    });
    expect(failed).toMatchObject({
      ...{ letter: 'confirmation', state: 'failed', finally: false },
      why: 'The mail server could not be reached.'
    });
    await withSmtp(async (smtp) => {
      await until('the mails', () => sales.every(({ ada }) => smtp.to(ada.email).length > 0), 20_000);
      await until('sent', async () => (await mailsOf(first))[0]?.state === 'sent');
      const [sent, ...more] = await mailsOf(first);
      expect(more).toEqual([]);
      expect(sent).toMatchObject({ recipient: first.ada.email, finally: true, why: null });
      expect(sent?.attempts).toBeGreaterThan(2);
      expect(Math.abs(Date.now() - Date.parse(sent?.at ?? ''))).toBeLessThan(30_000);
      for (const { ada } of sales) expect(smtp.to(ada.email)).toHaveLength(1);
    });
  }, 40_000);
});

describe('a mail that the server refuses', () => {
  it('says what the server said, and whether it is tried again', async () => {
    await withSmtp(async (smtp) => {
      smtp.behaviour = 'later';
      const paid = await buy(house, await makeShow(house.db, 10), [1]);
      const busy = await until('a failure', async () => (await mailsOf(paid)).find(({ state }) => state === 'failed'));
      expect(busy).toMatchObject({ finally: false, why: 'The mail server said: 451 4.3.0 come back later' });
      smtp.behaviour = 'unknown mailbox';
      const refused = await until('the refusal', async () => (await mailsOf(paid)).find((mail) => mail.finally));
      expect(refused).toMatchObject({ state: 'failed', why: expect.stringContaining('550 5.1.1 no such mailbox') });
      expect(refused.why).not.toMatch(/\n|\bat .*:\d+/);
    });
  }, 30_000);
});

describe('sending the tickets again', () => {
  it('makes a mail of its own each time, to the address of now, with a line in the history', async () => {
    await withSmtp(async (smtp) => {
      const paid = await buy(house, await makeShow(house.db, 10), [1, 2]);
      const by = organizerOf(paid.show);
      await until('the tickets', () => smtp.to(paid.ada.email).length === 1);
      await until('done', async () => (await mailsOf(paid)).every(({ state }) => state === 'sent'));
      const address = `new-${paid.ada.email}`;
      await house.db.query('update app_user set email = $2 where id = $1', [paid.ada.user.id, address]);
      expect(must(await house.booking.sendAgain(by, paid.bookingId))).toEqual({ recipient: address });
      await until('the second', () => smtp.to(address).length === 1);
      await until('sent', async () => (await mailsOf(paid)).every(({ state }) => state === 'sent'));
      // Its row is done with a moment after the mail has gone.
      await until('the third may go', async () => !isRefusal(await house.booking.sendAgain(by, paid.bookingId)));
      await until('the third', () => smtp.to(address).length === 2);

      const mails = [...smtp.to(paid.ada.email), ...smtp.to(address)];
      expect(new Set(mails.map(({ messageId }) => messageId)).size).toBe(3);
      expect(mails.map(({ attachments }) => attachments.map(({ mimeType }) => mimeType))).toEqual(
        [1, 2, 3].map(() => ['image/png', 'image/png', 'application/pdf'])
      );
      const details = must(await app.reports.booking(by, paid.bookingId));
      expect(details.mails.map(({ letter }) => letter)).toEqual([
        ...['confirmation', 'confirmation-again', 'confirmation-again']
      ]);
      expect(details.history.map(({ action }) => action)).toEqual(['send tickets again', 'send tickets again']);
      expect(details.mails.map(({ recipient }) => recipient)).toEqual([paid.ada.email, address, address]);
    });
  }, 30_000);

  it('is refused while one waits, after so many within a day, for what is not confirmed, and to others', async () => {
    const paid = await buy(house, await makeShow(house.db, 10), [1]);
    const by = organizerOf(paid.show);
    const again = () => house.booking.sendAgain(by, paid.bookingId);
    // Nobody listens at the mail server: the first mail is still waiting.
    await until('confirmed', async () => (await mailsOf(paid)).length > 0);
    expect(codeOf(await again())).toBe('LIMIT_REACHED');
    const allDone = () => house.db.query(`update outbox set done_at = now() where kind like 'mail.%'`);
    await allDone();
    const twice = await Promise.all([again(), again()]);
    expect(twice.map(codeOf).sort()).toEqual(['LIMIT_REACHED', 'OK']);
    for (let more = 1; more < AGAIN_A_DAY; more++) {
      await allDone();
      must(await again());
    }
    await allDone();
    expect(codeOf(await again())).toBe('LIMIT_REACHED');
    await house.db.query(`update outbox set created_at = created_at - interval '25 hours'`);
    expect(codeOf(await again())).toBe('OK');

    const stranger = await makeUser(house.db, 'organizer');
    expect(codeOf(await house.booking.sendAgain({ user: stranger, owner: stranger }, paid.bookingId))).toBe(
      'NOT_FOUND'
    );
    await house.db.query(`update booking set status = 'CANCELLED' where id = $1`, [paid.bookingId]);
    expect(codeOf(await again())).toBe('INVALID');
    await allDone();
  }, 20_000);
});
