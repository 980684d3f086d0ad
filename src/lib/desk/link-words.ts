import * as m from '#domain/messages/compiled/desk_links.js';
import type { Scope } from '#domain/scopes.ts';
import type { WebhookEvent } from '#domain/webhooks.ts';

/** What API tokens may do and what webhooks tell, as people choose it; the API describes the same in English. */
const SCOPES: Readonly<Record<Scope, () => string>> = {
  ...{ 'catalogue:read': m.scope_read, 'catalogue:write': m.scope_write, 'sales:read': m.scope_sales },
  ...{ 'bookings:write': m.scope_bookings, control: m.scope_control, 'check-in': m.scope_check_in, buy: m.scope_buy },
  ...{ webhooks: m.scope_webhooks, 'users:read': m.scope_users }
};
const EVENTS: Readonly<Record<WebhookEvent, () => string>> = {
  ...{ 'booking.confirmed': m.on_confirmed, 'booking.cancelled': m.on_cancelled, 'booking.refunded': m.on_refunded },
  ...{ 'ticket.checked_in': m.on_checked_in, 'ticket.check_in_undone': m.on_undone },
  ...{ 'show.created': m.on_show_created, 'show.changed': m.on_show_changed },
  ...{ 'show.cancelled': m.on_show_cancelled, 'show.deleted': m.on_show_deleted }
};

export const scopeInWords = (scope: Scope): string => SCOPES[scope]();
export const eventInWords = (event: WebhookEvent): string => EVENTS[event]();
