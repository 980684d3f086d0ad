/**
 * Begun by every page (src/app.html) as a worker with the name of its language. Who first writes an amount or a time has the
 * browser read how that is done: a fifth of a second of a phone, in which the page would not answer. Here it is nobody's
 * time, and what one thread of a page has read all of them know.
 */
const language = self.name;
new Intl.NumberFormat(language, { style: 'currency', currency: 'EUR' }).format(0);
new Intl.DateTimeFormat(language, { weekday: 'short', month: 'long', hour: 'numeric' }).format(0);
new Intl.PluralRules(language).select(0);
self.postMessage('read');
self.close();
