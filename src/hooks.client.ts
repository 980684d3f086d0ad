import { dateFormat } from '#domain/formats.ts';
import { currentLocale } from '#domain/language.ts';
import { formatMoney } from '#domain/money.ts';
import { readPreloads } from '$lib/components/arriving.ts';
import { nextTask } from '$lib/components/next-task.ts';

/**
 * Before the page is taken over. What its head has the browser fetch (the seats of a show, and where they stand) is read
 * meanwhile. Where the worker of src/app.html is not through yet, the first formatter of money and that of times cost a phone
 * 200 ms, in which it would not answer: each is made in a task of its own.
 */
export async function init() {
  readPreloads();
  await nextTask();
  formatMoney({ amount: 0, currency: 'EUR' });
  await nextTask();
  dateFormat(currentLocale(), { weekday: 'short' });
  await nextTask();
}
