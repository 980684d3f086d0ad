#!/usr/bin/env node
/**
 * Checks the draw of a waiting room, without trusting whoever drew it. No dependencies; runs in Node 20 or later and in any
 * browser.
 *
 *   node verify-draw.mjs https://tickets.example/api/v1/shows/SHOW/waiting-room/draw [TICKET]
 *        [--commitment HEX] [--list HEX]      what you wrote down before the draw
 *
 * It proves that the seed is the one that was committed to, that the list is the one whose hash was published before the
 * seed, and that every place follows from these two and from nothing else.
 */
const { subtle } = globalThis.crypto;
const utf8 = new TextEncoder();
const toHex = (buffer) => [...new Uint8Array(buffer)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
const fromHex = (text) => Uint8Array.from(text.match(/../g) ?? [], (pair) => parseInt(pair, 16));
const sha256 = async (bytes) => toHex(await subtle.digest('SHA-256', bytes));
const byText = (a, b) => (a < b ? -1 : a > b ? 1 : 0);

/**
 * `draw` is what GET …/waiting-room/draw answers; `noted` what you wrote down before ({commitment, list, ticket}).
 * Answers {ok, checks: [{what, ok}], order: tickets by place}.
 */
export async function verifyDraw(draw, noted = {}) {
  const checks = [];
  const check = (what, ok) => checks.push({ what, ok: Boolean(ok) });
  const done = (order = []) => ({ ok: checks.every(({ ok }) => ok), checks, order });
  check('the seed and the list are public', draw.seed && draw.tickets);
  if (!checks[0].ok) return done();

  const tickets = [...draw.tickets].sort(byText);
  check('the commitment is the SHA-256 of the seed', (await sha256(fromHex(draw.seed))) === draw.commitment);
  check('no ticket is in the list twice', new Set(tickets).size === tickets.length);
  check('there are as many tickets as was said', tickets.length === draw.entrants);
  const list = await sha256(utf8.encode(tickets.join('\n')));
  check('the hash of the list is the SHA-256 of the tickets', list === draw.listHash);
  check('the list was closed before the seed was public', Date.parse(draw.closedAt) <= Date.parse(draw.drawnAt));
  if (noted.commitment) check('it is the commitment that you noted', noted.commitment === draw.commitment);
  if (noted.list) check('it is the hash of the list that you noted', noted.list === draw.listHash);
  if (noted.ticket) check('your ticket is in the list', tickets.includes(noted.ticket));

  const key = await subtle.importKey('raw', fromHex(draw.seed), { name: 'HMAC', hash: 'SHA-256' }, false, ['sign']);
  const drawn = await Promise.all(
    tickets.map(async (ticket) => [toHex(await subtle.sign('HMAC', key, utf8.encode(`${list}:${ticket}`))), ticket])
  );
  drawn.sort(([a, first], [b, second]) => byText(a, b) || byText(first, second));
  return done(drawn.map(([, ticket]) => ticket));
}

async function main([url, ...rest]) {
  const after = (name) => (rest.includes(name) ? rest[rest.indexOf(name) + 1] : undefined);
  const ticket = rest[0]?.startsWith('--') ? undefined : rest[0];
  const answer = await fetch(url);
  if (!answer.ok) throw new Error(`${url} answered ${answer.status}`);
  const draw = await answer.json();
  const { ok, checks, order } = await verifyDraw(draw, { ticket, commitment: after('--commitment'), list: after('--list') });
  for (const { what, ok: kept } of checks) console.log(`${kept ? '✓' : '✗'} ${what}`);
  for (const [n, name] of order.entries()) if (!ticket || ticket === name) console.log(`${n + 1}\t${name}`);
  console.log(ok ? 'The draw is as it was promised.' : 'The draw is NOT as it was promised.');
  return ok ? 0 : 1;
}

if (typeof process !== 'undefined' && process.argv?.[1]?.endsWith('verify-draw.mjs')) {
  const [url] = process.argv.slice(2);
  if (!url) {
    console.log('node verify-draw.mjs URL-OF-THE-DRAW [TICKET] [--commitment HEX] [--list HEX]');
    process.exitCode = 2;
  } else {
    main(process.argv.slice(2)).then(
      (code) => (process.exitCode = code),
      (error) => {
        console.error(error.message);
        process.exitCode = 2;
      }
    );
  }
}
