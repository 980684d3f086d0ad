import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Language } from '../../src/lib/domain/language.ts';
import { speak } from '../../server/language.ts';
import { createTickets } from '../../server/tickets/tickets.ts';
import { holdSeats, makeBuyer, must, openHouse, type House } from './house.ts';
import { readPdf } from './pdf-file.ts';
import { makeShow } from './shows.ts';
import { startSmtp, type TestSmtp } from './smtp.ts';
import { makeConfig } from './stack.ts';

/** What is sent about a booking is in the language that it was made in, whoever asks for it to be sent. */
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

async function bookedIn(language: Language) {
  const show = await makeShow(house.db, 10);
  await house.db.query(
    `update show set starts_at = '2026-12-12T14:00:00Z', doors_at = '2026-12-12T13:15Z' where id = $1`,
    [show.id]
  );
  await house.db.query(
    `update venue set time_zone = 'Europe/Berlin', name = 'Opera House', city = 'Berlin', address = '1 Bridge Road'
      where id = (select venue_id from show where id = $1)`,
    [show.id]
  );
  const ada = await makeBuyer(house.db);
  const hold = await holdSeats(house, show.id, ada.buyer, [0, 1]);
  const { booking, payment } = await speak(language, async () =>
    must(await house.booking.checkout(ada, { holdId: hold.id }, 'key'))
  );
  must(await house.payments.sandboxDecide(payment.id, ada.user.id, 'success'));
  return { ada, show, booking };
}
/** Where a line or a font ends, and which space is before a currency, is nobody's concern here. */
const bare = (text: string) => text.replaceAll(/\s/g, '');

const SAID: [Language, { subject: string; says: string[]; printed: string[]; calendar: string[] }][] = [
  [
    'de',
    {
      subject: 'Ihre Tickets für A Test Play',
      says: [
        'Guten Tag Ada Test, Ihre Buchung für A Test Play ist bestätigt.',
        'Sa., 12. Dezember 2026 · 15:00 (Ortszeit Berlin)',
        'Stalls, Reihe A, Platz 1; Stalls, Reihe A, Platz 2',
        '50 €'
      ],
      printed: ['Stalls, Reihe A, Platz 1', 'Dezember 2026, 15:00', 'Ticket 1 von 2', 'Gebucht von', '25 €', 'Einlass'],
      calendar: ['Samstag, 12. Dezember 2026', 'Einlass ab 14:15 Uhr', 'Plätze: Stalls, Reihe A, Platz 1;']
    }
  ],
  [
    'es',
    {
      subject: 'Sus entradas para A Test Play',
      says: [
        'Hola, Ada Test: su reserva para A Test Play está confirmada.',
        'sáb, 12 de diciembre de 2026 · 15:00',
        '50 €'
      ],
      printed: ['sábado, 12 de diciembre de 2026, 15:00', 'Entrada 1 de 2', 'Reservado por', '25 €'],
      calendar: ['sábado, 12 de diciembre de 2026', 'Apertura de puertas: 14:15', 'Butacas: Stalls, fila A, butaca 1;']
    }
  ],
  [
    'hi',
    {
      subject: 'A Test Play के लिए आपके टिकट',
      says: ['नमस्ते Ada Test, A Test Play के लिए आपकी बुकिंग पक्की हो गई है।', 'शनि, 12 दिसंबर 2026 · 15:00', '€50'],
      // Marks that are drawn before their letter are read in that order: these words have none.
      printed: ['कब', 'कहाँ', 'सीट', '12', '15:00', '€25'],
      calendar: ['शनिवार, 12 दिसंबर 2026', 'प्रवेश 14:15 बजे से', 'सीटें: Stalls, पंक्ति A, सीट 1;']
    }
  ]
];

describe.each(SAID)('a booking made in %s', (language, { subject, says, printed, calendar }) => {
  it('is confirmed in it, by mail, on the tickets and in the calendar', async () => {
    const { ada, booking } = await bookedIn(language);
    await house.mail.confirmation(booking.id);
    const [mail] = smtp.to(ada.email);
    expect(mail?.subject).toBe(subject);
    expect(mail?.html).toContain(`<html lang="${language}">`);
    const html = (mail?.html ?? '').replaceAll(/<[^>]*>/g, '');
    for (const said of says) for (const body of [mail?.text ?? '', html]) expect(bare(body)).toContain(bare(said));
    const pdf = mail?.attachments.find(({ mimeType }) => mimeType === 'application/pdf');
    const [page] = readPdf(Buffer.from(pdf?.content as ArrayBuffer));
    for (const fact of printed) expect(bare(page?.text ?? '')).toContain(bare(fact));
    // Every letter is in the file's fonts.
    expect(page?.text).not.toContain('\ufffd');
    const tickets = createTickets({ db: house.db, config: house.config });
    const entry = must(await tickets.calendar(booking.id, 'anybody')).replaceAll(/\r\n[ \t]/g, '');
    expect(entry).toContain('SUMMARY:A Test Play');
    for (const fact of calendar) expect(entry.replaceAll('\\', '')).toContain(fact);
  });
});

describe('mails about an account', () => {
  it('are in the language of the account', async () => {
    const ada = await makeBuyer(house.db);
    await house.db.query(`update app_user set language = 'hi' where id = $1`, [ada.user.id]);
    await house.mail.account.passwordChanged(ada.user.id, randomUUID());
    expect(smtp.to(ada.email)[0]?.subject).toBe('आपका पासवर्ड बदल दिया गया है');
  });

  it('and of a booking that was made before languages were, in English where none was chosen', async () => {
    const { ada, booking } = await bookedIn('de');
    await house.db.query('update booking set language = null where id = $1', [booking.id]);
    await house.mail.confirmation(booking.id);
    expect(smtp.to(ada.email)[0]?.subject).toBe('Your tickets for A Test Play');
  });
});
