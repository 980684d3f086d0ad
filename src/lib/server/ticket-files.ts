import { Readable } from 'node:stream';
import { isRefusal, type Refusal } from '#domain/refusal.ts';
import type { Tickets } from '../../../server/tickets/tickets.ts';

/** Tickets as answers of HTTP. They let people in, so nothing on the way may keep them. */
const headers = (contentType: string, filename: string) => ({
  'content-type': contentType,
  'content-disposition': `attachment; filename="${filename}"`,
  'cache-control': 'private, no-store'
});

export function pdfResponse(pdf: Awaited<ReturnType<Tickets['pdf']>>): Response | Refusal {
  if (isRefusal(pdf)) return pdf;
  // Node's web stream is the one that Response takes; only the two sets of types differ.
  const body = Readable.toWeb(pdf.stream) as ReadableStream;
  return new Response(body, { headers: headers('application/pdf', 'tickets.pdf') });
}

export const calendarResponse = (text: string | Refusal): Response | Refusal =>
  isRefusal(text) ? text : new Response(text, { headers: headers('text/calendar; charset=utf-8', 'calendar.ics') });
