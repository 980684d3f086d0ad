import * as m from '#domain/messages/compiled/mail.js';
import { groupShortCode } from '#domain/short-code.ts';
import { seatInWords } from '#domain/seat-words.ts';
import type { TicketView } from '../../booking/ticket-views.ts';
import { html, paragraph } from './layout.ts';

/** Pixels of a module (the smallest square), and modules of white around the code that scanners want. */
const MODULE_PX = 6;
const QUIET_MODULES = 4;

/** Two colours, compressed off this thread: qrcode's own writer of PNG takes some 20 ms of it for each code. */
async function qrPng(code: string): Promise<Buffer> {
  // Loaded with the first mail that shows a code.
  const [{ create }, { default: sharp }] = await Promise.all([import('qrcode'), import('sharp')]);
  const { modules } = create(code, { errorCorrectionLevel: 'M' });
  const { size } = modules;
  const grey = Buffer.from(
    Array.from({ length: size * size }, (_, n) => (modules.get(Math.floor(n / size), n % size) ? 0 : 255))
  );
  const quiet = QUIET_MODULES * MODULE_PX;
  return sharp(grey, { raw: { width: size, height: size, channels: 1 } })
    .resize({ width: size * MODULE_PX, kernel: 'nearest' })
    .extend({ ...{ top: quiet, bottom: quiet, left: quiet, right: quiet }, background: '#ffffff' })
    .png({ palette: true, colours: 2, effort: 1 })
    .toBuffer();
}

/** Each ticket with its code for the door, as part of a mail: nothing is fetched. */
export async function ticketCodes(tickets: readonly TicketView[]) {
  const pictures = await Promise.all(
    tickets.map(async (ticket, n) => ({
      cid: `ticket-${n + 1}@fullhouse`,
      filename: `ticket-${n + 1}.png`,
      // Black on white with its quiet zone, also where the mail is shown dark: scanners want it so.
      png: await qrPng(ticket.code)
    }))
  );
  return {
    pictures,
    text: tickets
      .map(
        (ticket) =>
          `${m.ticket_for({ seat: seatInWords(ticket.label) })}\n${groupShortCode(ticket.shortCode)}\n${ticket.code}`
      )
      .join('\n\n'),
    html: html`${tickets.map(
      (ticket, n) =>
        html`<table role="presentation" width="100%" cellpadding="0" cellspacing="0" style="margin:0 0 16px">
          <tr>
            <td class="line" align="center" style="border:1px solid #ded7cc;border-radius:14px;padding:16px">
              <img
                src="cid:${pictures[n]?.cid ?? ''}"
                width="200"
                height="200"
                alt="${m.qr_of({ seat: seatInWords(ticket.label) })}"
                style="display:block;background:#ffffff;border-radius:8px"
              />
              <p class="ink" style="margin:12px 0 0;font-weight:600;color:#1d1923">${seatInWords(ticket.label)}</p>
              <p class="ink" style="margin:4px 0 0;font:16px monospace;color:#1d1923">
                ${groupShortCode(ticket.shortCode)}
              </p>
              <p class="soft" style="margin:4px 0 0;font:12px monospace;color:#5b5466;word-break:break-all">
                ${ticket.code}
              </p>
            </td>
          </tr>
        </table>`
    )}
    ${paragraph(html`${m.show_codes({ count: tickets.length })}`)}`
  };
}
