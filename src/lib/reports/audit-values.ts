import * as m from '#domain/messages/compiled/audit.js';
import * as booking from '#domain/messages/compiled/desk_booking.js';
import * as notice from '#domain/messages/compiled/control.js';
import * as show from '#domain/messages/compiled/desk_show.js';
import { keptInWords } from '#domain/kept-words.ts';
import { formatMoney } from '#domain/money.ts';
import { showTime } from '#domain/time.ts';
import { kindInWords, KINDS } from '$lib/components/kinds.ts';
import { statusInWords } from '$lib/components/status.ts';
import { roleInWords, type UserRole } from '$lib/desk/role-words.ts';
import type { Difference } from '../../../server/reports/differences.ts';

type Words = Readonly<Record<string, (() => string) | undefined>>;

const YES_OR_NO: Words = { true: m.yes, false: m.no };
const role = (is: UserRole) => () => roleInWords(is);

/** What a field may hold, by the words that the desk has for it elsewhere. */
const WORDS: Readonly<Record<string, Words | undefined>> = {
  ...{ active: YES_OR_NO, included: YES_OR_NO, suspended: YES_OR_NO, admissionPaused: YES_OR_NO },
  sale: { open: show.is_open, paused: show.is_paused, closed: show.is_closed },
  kind: Object.fromEntries(KINDS.map((kind) => [kind, () => kindInWords(kind)])),
  role: { customer: role('customer'), staff: role('staff'), organizer: role('organizer'), admin: role('admin') },
  refund: { PENDING: booking.refund_pending, DONE: booking.refund_done, FAILED: booking.refund_failed },
  level: { info: notice.notice_info, warning: notice.notice_warning }
};

const MOMENT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?Z$/;
const OF_MOMENTS = /^(?:at|published|[a-z]+(?:[A-Z][a-z]+)*At)$/;
const OF_MONEY = /^(?:tiers .+ price|fees .+ (?:perTicket|perBooking))$/;

function inWords(field: string, value: string, currency: string | null, timeZone: string): string {
  const last = field.split(' ').at(-1) ?? field;
  if (OF_MOMENTS.test(last) && MOMENT.test(value)) return showTime(value, timeZone);
  if (currency !== null && OF_MONEY.test(field) && /^\d+$/.test(value))
    return formatMoney({ amount: Number(value), currency });
  // Elsewhere the same name may be another thing's: the kind of a discount, the words of an organizer.
  if (last !== field) return value;
  if (field === 'status') return statusInWords(value);
  if (field === 'reason') return keptInWords(value);
  const words = WORDS[field];
  return words && Object.hasOwn(words, value) ? (words[value]?.() ?? value) : value;
}

/**
 * What a line says is different, its values as the desk says them elsewhere; what is not known here as it is stored.
 * Amounts are money only where the line itself says in which currency: where a show was made or deleted.
 */
export function changesInWords(changed: readonly Difference[], timeZone: string): Difference[] {
  const currency = changed.find(({ field }) => field === 'currency');
  return changed.map(({ field, before, after }) => {
    const was = before === null ? null : inWords(field, before, currency?.before ?? null, timeZone);
    const is = after === null ? null : inWords(field, after, currency?.after ?? null, timeZone);
    // Two moments of one minute: as they are stored, which tells them apart.
    return was === is ? { field, before, after } : { field, before: was, after: is };
  });
}
