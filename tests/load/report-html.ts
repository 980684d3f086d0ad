import { barPlot, escapeHtml, linePlot } from './plots.ts';
import type { Report, Timing } from './report.ts';
import { ms } from './verdict.ts';

/** One file that needs no other: no network, no fonts, readable in light and dark, on a phone and on paper. */
const STYLE = `
:root{color-scheme:light dark;--paper:#fff;--ink:#1c1b19;--soft:#6a675f;--line:#dedbd3;--c1:#2557a7;--c2:#b3471d;--c3:#1a7f4b;--c4:#7b3fa0;--bad:#b3261e;--good:#1a7f4b}
@media(prefers-color-scheme:dark){:root{--paper:#171614;--ink:#ece9e1;--soft:#a5a196;--line:#37342e;--c1:#8ab4f8;--c2:#f0a47f;--c3:#7fd6a6;--c4:#d0a6ec;--bad:#ff8f85;--good:#7fd6a6}}
*{box-sizing:border-box}body{margin:0 auto;max-width:1120px;padding:24px 16px 64px;background:var(--paper);color:var(--ink);font:15px/1.5 system-ui,sans-serif}
h1{font-size:26px;margin:0 0 4px}h2{font-size:18px;margin:40px 0 12px}p{margin:4px 0}small,.soft{color:var(--soft)}
.verdict{font-weight:700}.good{color:var(--good)}.bad{color:var(--bad)}
.facts{display:grid;grid-template-columns:repeat(auto-fit,minmax(150px,1fr));gap:16px;margin:24px 0}
.facts b{display:block;font-size:24px;font-variant-numeric:tabular-nums}
.plots{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,480px),1fr));gap:24px}
figure{margin:0;min-width:0}figcaption{font-weight:600}.legend{float:right;font-weight:400;font-size:13px}.legend span{margin-left:12px}.legend i{display:inline-block;width:10px;height:10px;margin-right:4px;border-radius:2px}
svg{display:block;width:100%;height:auto}svg text{font-size:11px;fill:var(--soft)}.grid{stroke:var(--line)}.line{fill:none;stroke-width:1.8;stroke-linejoin:round}.bar{fill:var(--c1)}
.c1{stroke:var(--c1)}.c2{stroke:var(--c2)}.c3{stroke:var(--c3)}.c4{stroke:var(--c4)}i.c1{background:var(--c1)}i.c2{background:var(--c2)}i.c3{background:var(--c3)}i.c4{background:var(--c4)}
.table{overflow-x:auto}table{border-collapse:collapse;width:100%;font-variant-numeric:tabular-nums}th,td{padding:4px 10px 4px 0;border-bottom:1px solid var(--line);text-align:left;vertical-align:top}th{font-weight:600}td.n,th.n{text-align:right}
pre{overflow-x:auto;font-size:12px;margin:4px 0}
`;

const count = (value: number) => value.toLocaleString('en');

const table = (head: readonly string[], rows: readonly (readonly string[])[], numbersFrom = 1) => {
  const cell = (tag: string, text: string, n: number) =>
    `<${tag}${n >= numbersFrom ? ' class="n"' : ''}>${text}</${tag}>`;
  const row = (tag: string, cells: readonly string[]) =>
    `<tr>${cells.map((text, n) => cell(tag, text, n)).join('')}</tr>`;
  return `<div class="table"><table><thead>${row('th', head)}</thead><tbody>${rows.map((cells) => row('td', cells)).join('')}</tbody></table></div>`;
};

const OPERATIONS: Readonly<Record<string, string>> = {
  hold: 'Hold seats, from when the click was meant',
  'hold answered': 'Hold seats, from when it was sent',
  best: 'Best together, from when the click was meant',
  'best answered': 'Best together, from when it was sent',
  'click to everyone': 'From a click until everyone has seen it',
  connect: 'Connect',
  watch: 'Watch the show',
  release: 'Let seats go',
  book: 'Book',
  pay: 'Pay (sandbox)',
  'paid to confirmed': 'From the payment until it is confirmed'
};

function timesTable(times: Readonly<Record<string, Timing>>): string {
  const rows = Object.entries(OPERATIONS).flatMap(([name, says]) => {
    const timing = times[name];
    if (!timing) return [];
    const { p50, p90, p99, p999, max } = timing;
    return [[says, count(timing.count), ...[p50, p90, p99, p999, max].map(ms)]];
  });
  return table(['Operation', 'Times', 'p50', 'p90', 'p99', 'p99.9', 'most'], rows);
}

const edge = (value: number) => (value < 1000 ? `≤ ${value}` : `≤ ${value / 1000} s`);
const histogram = (label: string, timing: Timing | undefined) =>
  timing
    ? barPlot(
        label,
        'how many, by ms',
        timing.buckets.map(([upTo, many]) => [edge(upTo), many])
      )
    : '';

function plots({ seconds, times, refusals, target }: Report): string {
  const of = (pick: (second: Report['seconds'][number]) => number | null) =>
    seconds.map((second) => [second.at, pick(second)] as const);
  return [
    linePlot('Latency of a click', 'ms, from when it was meant', [
      { name: 'p50', colour: 1, points: of(({ p50 }) => p50) },
      { name: 'p99', colour: 2, points: of(({ p99 }) => p99) }
    ]),
    linePlot('From a click until everyone has seen it', 'ms', [
      { name: 'p99', colour: 2, points: of(({ everyoneP99 }) => everyoneP99) }
    ]),
    linePlot('Holds', 'a second', [
      { name: 'granted', colour: 1, points: of(({ holds }) => holds) },
      { name: 'refused', colour: 2, points: of(({ refusals: no }) => no) }
    ]),
    linePlot('Connected', 'buyers', [{ name: 'sockets', colour: 3, points: of(({ connected }) => connected) }]),
    linePlot('Seats', `of ${count(target.capacity)}`, [
      { name: 'held', colour: 2, points: of(({ seats }) => seats?.held ?? null) },
      { name: 'booked', colour: 4, points: of(({ seats }) => seats?.booked ?? null) }
    ]),
    linePlot('Frames', 'a second, to all sockets', [{ name: 'frames', colour: 1, points: of(({ frames }) => frames) }]),
    histogram('Holds by latency', times['hold']),
    histogram('Clicks by the time until everyone has seen them', times['click to everyone']),
    barPlot(
      'Refusals',
      'by cause',
      Object.entries(refusals).sort(([, a], [, b]) => b - a)
    )
  ].join('');
}

function auditPart({ audit, options }: Report): string {
  if (!audit)
    return `<p>Not run: nothing here knows this deployment’s Postgres and Redis. Run it there:</p><pre>npm run audit -- --acks ${escapeHtml(options.out)}</pre>`;
  const rows = audit.checks.map(({ invariant, name, says, findings }) => [
    findings.length === 0 ? '<span class="good">ok</span>' : '<span class="bad">BROKEN</span>',
    ...[invariant, name, escapeHtml(says)],
    findings
      .slice(0, 5)
      .map(({ evidence }) => `<pre>${escapeHtml(JSON.stringify(evidence))}</pre>`)
      .join('')
  ]);
  return `<p>${count(audit.acks)} acknowledgements were compared with what is stored.</p>${table(['', 'Invariant', 'Check', 'Says', ''], rows, 9)}`;
}

function factsPart({ steady, counts, refusals, errors, times }: Report): string {
  const sum = (all: Record<string, number>) => Object.values(all).reduce((total, each) => total + each, 0);
  const facts: [string, string][] = [
    [count(steady.connected), 'buyers connected'],
    [count(steady.holdsPerSecond), 'holds a second, once all had come'],
    [ms(times['hold']?.p99 ?? null), 'p99 of a hold'],
    [ms(times['click to everyone']?.p99 ?? null), 'p99 from a click to everyone'],
    [count(counts['bookings'] ?? 0), `bookings, ${count(counts['confirmed'] ?? 0)} paid and confirmed`],
    [count(sum(refusals)), 'refusals'],
    [count(sum(errors)), 'errors']
  ];
  return `<div class="facts">${facts.map(([value, what]) => `<div><b>${value}</b><small>${what}</small></div>`).join('')}</div>`;
}

export function reportHtml(report: Report): string {
  const { ok, at, machine, options, target, personas, thresholds, counts, errors, errorDetails } = report;
  const verdict = ok ? '<span class="verdict good">passed</span>' : '<span class="verdict bad">failed</span>';
  const who = Object.entries(personas)
    .map(([name, many]) => `${count(many)} ${name}`)
    .join(', ');
  const limits = thresholds.map(({ name, limit, is, kept }) => [
    ...[name, limit, is],
    kept ? '<span class="good">kept</span>' : '<span class="bad">not kept</span>'
  ]);
  const wrong = Object.entries(errors).map(([what, many]) => [escapeHtml(what), count(many)]);
  const counted = Object.entries(counts)
    .sort()
    .map(([what, many]) => [escapeHtml(what), count(many)]);
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1"><title>Fullhouse under load</title><style>${STYLE}</style></head><body>
<h1>Fullhouse under load: ${verdict}</h1>
<p>${count(options.buyers)} buyers (${escapeHtml(who)}), ${options.arrival}, ${options.durationMs / 1000} s, seed ${escapeHtml(options.seed)}, on ${escapeHtml(target.url)}, a show of ${count(target.capacity)} places.</p>
<p class="soft">${escapeHtml(at)} · ${escapeHtml(machine)}${options.url === null ? ' · buyers and service on the same machine' : ''}</p>
${factsPart(report)}
${table(['Threshold', 'Limit', 'Is', ''], limits, 9)}
<h2>Over time</h2><div class="plots">${plots(report)}</div>
<h2>Latency</h2>${timesTable(report.times)}
<h2>Audit</h2>${auditPart(report)}
<h2>Errors</h2>${wrong.length === 0 ? '<p>None.</p>' : `${table(['What', 'Times'], wrong)}<pre>${escapeHtml(errorDetails.join('\n'))}</pre>`}
<h2>Counted</h2>${table(['What', 'Times'], counted)}
</body></html>
`;
}
