import * as m from '#domain/messages/compiled/refusals_sale.js';
import { error } from '@sveltejs/kit';
import { refuse, type Refusal } from '#domain/refusal.ts';
import { seatsNamed } from '#domain/seats-named.ts';

/** The seats of a show that were chosen on the map (`seats`), or are named in words (`named`). */
export async function seatsIn(
  locals: App.Locals,
  show: string,
  values: Readonly<Record<string, string>>
): Promise<number[] | Refusal> {
  const chosen = (values['seats'] ?? '').split(',').filter(Boolean).map(Number);
  const named = values['named']?.trim() ?? '';
  if (named === '') return chosen;
  const detail = await locals.app.catalog.show(show);
  const plan = detail && (await locals.app.catalog.plan(detail.planId));
  if (!plan) error(404, 'There is no such show.');
  const found = seatsNamed(plan, named);
  if (found.wrong.length === 0) return found.seats;
  const message = m.has_no_seats({ seats: found.wrong.join('; ') });
  return refuse('INVALID', m.check_marked(), { errors: [{ path: 'named', message }] });
}

export const nothingChosen = () =>
  refuse('INVALID', m.choose_or_name(), {
    errors: [{ path: 'named', message: 'is missing' }]
  });
