/** Plots as inline SVG. Colours are CSS variables of the page, so that they fit its light and its dark face. */
const [WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM] = [720, 220, 56, 12, 12, 28];

export const escapeHtml = (text: string) =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');

export interface Series {
  name: string;
  /** Of the page's palette, 1 to 4. */
  colour: number;
  points: readonly (readonly [x: number, y: number | null])[];
}

/** 1, 2 or 5 times a power of ten: about five steps up to `most`. */
export function stepOf(most: number): number {
  const power = 10 ** Math.floor(Math.log10(most / 5));
  return power * ([1, 2, 5, 10].find((step) => step * power * 5 >= most) ?? 10);
}

const short = (value: number) =>
  value >= 10_000 ? `${Math.round(value / 1000)}k` : String(Math.round(value * 100) / 100);

function frame(most: number, y: (value: number) => number): string {
  const step = stepOf(most);
  return Array.from({ length: Math.floor(most / step) + 1 }, (_, n) => {
    const at = y(n * step).toFixed(1);
    return `<line class="grid" x1="${LEFT}" x2="${WIDTH - RIGHT}" y1="${at}" y2="${at}"/><text x="${LEFT - 6}" y="${at}" dy="4" text-anchor="end">${short(n * step)}</text>`;
  }).join('');
}

const svg = (label: string, content: string) =>
  `<svg viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${escapeHtml(label)}">${content}</svg>`;

/** Lines over the seconds of the run. A gap is drawn where there is no value. */
export function linePlot(label: string, unit: string, series: readonly Series[]): string {
  const points = series.flatMap((each) => each.points);
  const last = Math.max(1, ...points.map(([x]) => x));
  const most = Math.max(0.001, ...points.map(([, value]) => value ?? 0)) * 1.05;
  const x = (value: number) => LEFT + (value / last) * (WIDTH - LEFT - RIGHT);
  const y = (value: number) => HEIGHT - BOTTOM - (value / most) * (HEIGHT - TOP - BOTTOM);
  const lines = series.map(({ colour, name, points: own }) => {
    let pen = 'M';
    const path = own.map(([at, value]) => {
      if (value === null) {
        pen = 'M';
        return '';
      }
      const move = `${pen}${x(at).toFixed(1)} ${y(value).toFixed(1)}`;
      pen = 'L';
      return move;
    });
    return `<path class="line c${colour}" d="${path.join('')}"><title>${escapeHtml(name)}</title></path>`;
  });
  const step = stepOf(last);
  const ticks = Array.from({ length: Math.floor(last / step) + 1 }, (_, n) => n * step);
  const axis = ticks.map((at) => `<text x="${x(at).toFixed(1)}" y="${HEIGHT - 8}" text-anchor="middle">${at} s</text>`);
  const names = series.map(({ colour, name }) => `<span><i class="c${colour}"></i>${escapeHtml(name)}</span>`);
  return `<figure><figcaption>${escapeHtml(label)} <small>${escapeHtml(unit)}</small><span class="legend">${names.join('')}</span></figcaption>${svg(label, frame(most, y) + lines.join('') + axis.join(''))}</figure>`;
}

/** A bar for each of the named counts. */
export function barPlot(
  label: string,
  unit: string,
  bars: readonly (readonly [name: string, count: number])[]
): string {
  const most = Math.max(1, ...bars.map(([, count]) => count)) * 1.05;
  const wide = (WIDTH - LEFT - RIGHT) / Math.max(1, bars.length);
  const y = (value: number) => HEIGHT - BOTTOM - (value / most) * (HEIGHT - TOP - BOTTOM);
  const drawn = bars.map(([name, count], n) => {
    const left = LEFT + n * wide;
    const middle = (left + wide / 2).toFixed(1);
    return `<rect class="bar" x="${(left + 2).toFixed(1)}" y="${y(count).toFixed(1)}" width="${Math.max(1, wide - 4).toFixed(1)}" height="${(HEIGHT - BOTTOM - y(count)).toFixed(1)}"><title>${escapeHtml(name)}: ${count.toLocaleString('en')}</title></rect><text x="${middle}" y="${HEIGHT - 8}" text-anchor="middle">${escapeHtml(name)}</text>`;
  });
  return `<figure><figcaption>${escapeHtml(label)} <small>${escapeHtml(unit)}</small></figcaption>${svg(label, frame(most, y) + drawn.join(''))}</figure>`;
}
