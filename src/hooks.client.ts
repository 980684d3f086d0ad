import { dateFormat } from '#domain/formats.ts';
import { currentLocale } from '#domain/language.ts';
import { formatMoney } from '#domain/money.ts';
import { nextTask } from '$lib/components/next-task.ts';

/**
 * Before the page is taken over: the first formatter of money and that of times cost a phone 60 ms, in which it would not
 * answer. Each is made in a task of its own.
 */
export async function init() {
  await nextTask();
  formatMoney({ amount: 0, currency: 'EUR' });
  await nextTask();
  dateFormat(currentLocale(), { weekday: 'short' });
  await nextTask();
}
