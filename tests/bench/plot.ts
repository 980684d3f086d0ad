import { mkdir, writeFile } from 'node:fs/promises';
import { join, relative, resolve } from 'node:path';
import type { Line } from './figures.ts';
import type { Machine } from './machine.ts';
import { figure, goalText, titleOf, type Result } from './table.ts';

/** One SVG a bench: every round's ratio as a dot, the median as a bar, the goal as a line. No script, no other files. */
export const FOLDER = resolve(import.meta.dirname, '../../test-results/bench');
const [WIDTH, ROW, LEFT, RIGHT, TOP, BOTTOM] = [760, 56, 190, 150, 56, 48];

/** Returns the folder, relative to where we are. */
export async function writePlots(results: readonly Result[], machine: Machine): Promise<string> {
  await mkdir(FOLDER, { recursive: true });
  const note = machine.map(([what, is]) => `${what} ${is}`).join(' · ');
  for (const { bench, lines } of results) {
    await writeFile(join(FOLDER, `${bench.name}.svg`), svgOf(bench.what, lines, note));
  }
  return relative('.', FOLDER);
}

const escape = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
const goalOf = ({ goal }: Line) => ('atMost' in goal ? goal.atMost : goal.atLeast);

function svgOf(title: string, lines: readonly Line[], note: string): string {
  const height = TOP + lines.length * ROW + BOTTOM;
  const finite = lines.flatMap((line) => [...line.ratios, goalOf(line)]).filter(Number.isFinite);
  const most = Math.max(...finite, 0.001) * 1.1;
  const x = (ratio: number) => LEFT + (Math.min(ratio, most) / most) * (WIDTH - LEFT - RIGHT);
  const step = tickOf(most);
  const ticks = Array.from({ length: Math.floor(most / step) + 1 }, (_, n) => n * step);
  const axis = ticks
    .map((at) => {
      const left = x(at).toFixed(1);
      return `<line x1="${left}" x2="${left}" y1="${TOP}" y2="${height - BOTTOM}" stroke="#ddd"/>
<text x="${left}" y="${height - BOTTOM + 16}" text-anchor="middle">${figure(at)}</text>`;
    })
    .join('\n');
  const rows = lines.map((line, n) => rowOf(line, TOP + n * ROW + ROW / 2, x)).join('\n');
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" font-family="sans-serif" font-size="12">
<rect width="${WIDTH}" height="${height}" fill="#fff"/>
<text x="12" y="22" font-size="14" font-weight="bold">${escape(title)}</text>
<text x="12" y="40" fill="#555">ratio to the baseline, a dot a round; bar: median; dashed: goal</text>
${axis}
${rows}
<text x="12" y="${height - 10}" fill="#555" font-size="9">${escape(note)}</text>
</svg>
`;
}

function rowOf(line: Line, y: number, x: (ratio: number) => number): string {
  const colour = line.met ? '#1a7f4b' : '#b3261e';
  const goal = x(goalOf(line)).toFixed(1);
  const dots = line.ratios
    .filter(Number.isFinite)
    .map(
      (ratio, n) =>
        `<circle cx="${x(ratio).toFixed(1)}" cy="${y - 8 + 4 * (n % 5)}" r="3.5" fill="${colour}" fill-opacity="0.6"/>`
    )
    .join('');
  const name = titleOf(line);
  return `<text x="12" y="${y + 4}">${escape(name)}</text>
<rect x="${LEFT}" y="${y - 14}" width="${(x(line.ratio) - LEFT).toFixed(1)}" height="28" fill="${colour}" fill-opacity="0.18"/>
${dots}
<line x1="${goal}" x2="${goal}" y1="${y - 22}" y2="${y + 22}" stroke="#333" stroke-width="1.5" stroke-dasharray="4 3"/>
<text x="${WIDTH - RIGHT + 10}" y="${y - 4}" font-weight="bold" fill="${colour}">${figure(line.ratio)} (goal ${escape(goalText(line.goal))})</text>
<text x="${WIDTH - RIGHT + 10}" y="${y + 12}" fill="#555" font-size="10">${figure(line.value)} : ${figure(line.baseline)} ${escape(line.unit)}</text>`;
}

/** 1, 2 or 5 times a power of ten: about five lines. */
function tickOf(most: number): number {
  const power = 10 ** Math.floor(Math.log10(most / 5));
  return power * ([1, 2, 5, 10].find((step) => step * power * 5 >= most) ?? 10);
}
