import PDFDocument from 'pdfkit';
import QRCode from 'qrcode';
import { currentLanguage } from '#domain/language.ts';
import * as m from '#domain/messages/compiled/ticket.js';
import { formatMoney } from '#domain/money.ts';
import { groupShortCode } from '#domain/short-code.ts';
import { clock, timeInWords } from '#domain/time.ts';
import { seatInWords } from '#domain/seat-words.ts';
import { canPrint } from '../fonts/fonts.ts';
import type { Printed, PrintedTicket } from './printed.ts';
import type { TicketCodes } from './ticket-code.ts';
import { createWriter, type Style } from './writing.ts';

/**
 * The tickets of a booking on A4, one a page. What the door and the seat need stands above the fold in the middle, so
 * that a page folded once, or its upper half on a phone, is enough. Points, from the top left.
 */
const PAGE = { width: 595.28, height: 841.89 };
const MARGIN = 48;
const WIDTH = PAGE.width - 2 * MARGIN;
/** Below the head. */
const TOP = 78;
const QR_SIZE = 168;
const LEFT = WIDTH - QR_SIZE - 32;
const FOLD = PAGE.height / 2;

const INK = '#1d1923';
const SOFT = '#5b5466';
const LINE = '#ded7cc';
const ACCENT = '#8a1f34';
const TITLE: Style = { face: 'title', size: 27, color: INK, leading: 1.16, maxLines: 3 };
const VALUE: Style = { face: 'strong', size: 12.5, color: INK };
const SEAT: Style = { face: 'strong', size: 16, color: ACCENT, leading: 1.25, maxLines: 3 };
const LABEL: Style = { face: 'text', size: 9, color: SOFT };
const NOTE: Style = { face: 'text', size: 9, color: SOFT, leading: 1.5, maxLines: 6 };

type Document = InstanceType<typeof PDFDocument>;

/** Starts writing the file and answers it as a stream, which ends by itself. */
export function ticketsPdf(booking: Printed, codes: TicketCodes): Document {
  const doc = new PDFDocument({
    ...{ size: 'A4', margin: 0, autoFirstPage: false },
    info: {
      ...{ Title: m.file_title({ event: booking.title }), Author: 'Fullhouse' },
      Subject: m.file_subject({ id: booking.id })
    },
    lang: currentLanguage()
  });
  const writer = createWriter(doc);
  const when = timeInWords(booking.startsAt, booking.timeZone);
  void (async () => {
    for (const [n, ticket] of booking.tickets.entries()) {
      doc.addPage();
      drawTicket(doc, writer, { booking, when, ticket, code: codes.sign(ticket.id), n: n + 1 });
      // Between two pages others have their turn.
      await new Promise(setImmediate);
    }
    doc.end();
  })().catch((error: unknown) => doc.destroy(error instanceof Error ? error : new Error(String(error))));
  return doc;
}

interface Sheet {
  booking: Printed;
  when: string;
  ticket: PrintedTicket;
  /** What the QR code says. */
  code: string;
  n: number;
}

function drawTicket(
  doc: Document,
  { write }: ReturnType<typeof createWriter>,
  { booking, when, ticket, code, n }: Sheet
) {
  const rule = (y: number) =>
    doc
      .moveTo(MARGIN, y)
      .lineTo(PAGE.width - MARGIN, y)
      .lineWidth(0.7)
      .strokeColor(LINE);
  const field = (label: string, value: string, x: number, top: number, width: number, style = VALUE) =>
    value === '' ? top : write(value, x, write(label, x, top, width, LABEL) + 1, width, style) + 12;

  write('Fullhouse', MARGIN, 34, 200, { face: 'title', size: 14, color: ACCENT });
  const count = m.number_of({ number: n, count: booking.tickets.length });
  write(count, PAGE.width - MARGIN - 200, 38, 200, { ...LABEL, maxLines: 1, align: 'right' });
  rule(64).stroke();

  // ── above the fold ──
  let y = write(booking.title, MARGIN, TOP, LEFT, TITLE) + 4;
  y = write(booking.performers, MARGIN, y, LEFT, { face: 'text', size: 11, color: SOFT, maxLines: 2 }) + 14;
  y = field(m.when(), when, MARGIN, y, LEFT);
  y = field(m.where(), `${booking.venue}, ${booking.city}`, MARGIN, y, LEFT, { ...VALUE, maxLines: 2 });
  field(m.seat(), seatInWords(ticket.label), MARGIN, y, LEFT, SEAT);

  const right = PAGE.width - MARGIN - QR_SIZE;
  drawQr(doc, code, right, TOP + 8, QR_SIZE);
  write(m.type_code(), right, TOP + QR_SIZE + 20, QR_SIZE, LABEL);
  const typed: Style = { face: 'strong', size: 19, color: INK, maxLines: 1 };
  write(groupShortCode(ticket.shortCode), right, TOP + QR_SIZE + 34, QR_SIZE, typed);

  rule(FOLD).dash(3, { space: 4 }).stroke().undash();

  // ── below it ──
  const half = (WIDTH - 32) / 2;
  const other = MARGIN + half + 32;
  const doors = booking.doorsAt ? m.doors_time({ time: clock(booking.doorsAt, booking.timeZone) }) : '';
  const address = [booking.venue, booking.address, booking.city].filter((part) => part !== '').join(', ');
  let [a, b] = [FOLD + 28, FOLD + 28];
  a = field(m.venue_and_address(), address, MARGIN, a, half);
  a = field(m.doors_open(), doors, MARGIN, a, half);
  b = field(ticket.attendee ? m.attendee() : m.booked_by(), ticket.attendee ?? booking.buyer, other, b, half);
  b = field(m.ticket(), ticket.ticketType ?? '', other, b, half);
  b = field(m.price(), priceInWords(ticket, booking.currency), other, b, half);
  b = field(m.booking(), booking.id, other, b, half, { ...VALUE, face: 'text', size: 10 });

  const end = Math.max(a, b) + 10;
  rule(end).stroke();
  const after = write(m.terms(), MARGIN, end + 14, WIDTH, NOTE);
  const names = [
    booking.title,
    booking.performers,
    booking.venue,
    seatInWords(ticket.label),
    ticket.attendee ?? booking.buyer
  ];
  if (!names.every((name) => canPrint(name, 'text'))) {
    write(m.boxes(), MARGIN, after + 4, WIDTH, NOTE);
  }
}

/** What this seat cost in all, and what of it is fees and tax. */
function priceInWords(ticket: PrintedTicket, currency: string): string {
  const money = (amount: number) => formatMoney({ amount, currency });
  const [price, fees, tax] = [money(ticket.price), money(ticket.fees), money(ticket.tax)];
  if (ticket.fees > 0 && ticket.tax > 0) return m.price_with_both({ price, fees, tax });
  if (ticket.fees > 0) return m.price_with_fees({ price, fees });
  return ticket.tax > 0 ? m.price_with_tax({ price, tax }) : price;
}

/** As areas, not as a picture: sharp at any size. Nothing stands within the four modules that scanners want around it. */
function drawQr(doc: Document, code: string, x: number, y: number, size: number) {
  const { modules } = QRCode.create(code, { errorCorrectionLevel: 'M' });
  const unit = size / modules.size;
  for (let row = 0; row < modules.size; row++) {
    for (let from = 0; from < modules.size; from++) {
      if (!modules.get(row, from)) continue;
      let to = from;
      while (to < modules.size && modules.get(row, to)) to++;
      doc.rect(x + from * unit, y + row * unit, (to - from) * unit, unit);
      from = to;
    }
  }
  doc.fill('#000000');
}
