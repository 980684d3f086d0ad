import type { ControlChanged } from '#domain/control.ts';
import * as m from '#domain/messages/compiled/control.js';

const SALES = { open: m.by_opened, paused: m.by_paused, closed: m.by_closed };

/** What a colleague has done, in the language of this page: all who watch hear of it, each in their own. */
export function changeInWords({ what, by: name, text, sale, count = 0, said }: ControlChanged): string {
  const by = name ?? m.a_colleague();
  if (what === 'sale' && sale) return SALES[sale]({ by });
  if (what === 'blocks')
    return said === undefined ? m.by_unblocked({ by, count }) : m.by_blocked({ by, count, reason: said });
  if (what === 'holds') return m.by_released({ by });
  if (what === 'notice' && said !== undefined) return m.by_told({ by, count, text: said });
  return what === 'terms' ? m.terms_changed() : text;
}
