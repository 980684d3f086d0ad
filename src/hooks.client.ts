import { dateFormat } from '#domain/formats.ts';
import { currentLocale } from '#domain/language.ts';
import { formatMoney } from '#domain/money.ts';
import { readPreloads } from '$lib/components/arriving.ts';
import { nextTask } from '$lib/components/next-task.ts';

/** The page waits no longer for the worker that reads its formats: then it reads them itself. */
const READING_MS = 400;

/**
 * Before the page is taken over. What its head has the browser fetch (the seats of a show, and where they stand) is read
 * meanwhile. The first formatters of money and times cost a phone 200 ms in which it would not answer, and a page that makes
 * one while the worker of src/app.html reads for it waits just as dumbly: so the worker is waited for, and each is made in a task
 * of its own.
 */
export async function init() {
  readPreloads();
  await Promise.race([window.formatsRead, new Promise((late) => setTimeout(late, READING_MS))]);
  formatMoney({ amount: 0, currency: 'EUR' });
  await nextTask();
  dateFormat(currentLocale(), { weekday: 'short' });
  await nextTask();
}
