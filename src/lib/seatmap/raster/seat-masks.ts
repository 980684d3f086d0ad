/** What a seat looks like, as the share of each pixel that it covers: one picture for a thousand seats. */
export type SeatShape = 'filled' | 'hollow' | 'dot' | 'cross';

/** The covered pixels only, around the one that holds the middle of the seat. */
export interface Mask {
  dx: Int16Array;
  dy: Int16Array;
  /** 1 … 255. */
  alpha: Uint8Array;
  /** The furthest pixel from the middle, to any side. */
  reach: number;
}

/** Parts of a seat's width. */
const WIDTH = 0.76;
const ROUND = { above: 0.42, below: 0.24 };
const HOLLOW = { width: 0.9 * WIDTH, line: 0.09 };
/** The line of a small hollow seat, in pixels: a wider one would leave nothing hollow. */
const THIN = 0.6;
const DOT = 0.14;
const CROSS = { arm: 0.22, line: 0.12 };
/** Below this width in pixels a pixel at an edge is looked at in 16 places; above, its distance to the edge will do. */
const FINE_TO = 14;
const SAMPLES = 4;
/** A pixel whose middle is further than this from the edge has nothing of it. */
const NEAR = 0.75;

/** How far (pixels) a point is outside the shape; inside it is less than 0. */
type Distance = (x: number, y: number) => number;

function box(half: number, round: boolean): Distance {
  const above = round ? ROUND.above * 2 * half : 0;
  const below = round ? ROUND.below * 2 * half : 0;
  return (x, y) => {
    const radius = y < 0 ? above : below;
    const over = Math.abs(x) - half + radius;
    const out = Math.abs(y) - half + radius;
    return Math.sqrt(Math.max(over, 0) ** 2 + Math.max(out, 0) ** 2) + Math.min(Math.max(over, out), 0) - radius;
  };
}

/** No part of the shape is further from its middle, to any side; where nothing is, nothing is looked for. */
function extentOf(shape: SeatShape, width: number): number {
  if (shape === 'dot') return dotOf(width);
  if (shape === 'cross') return crossOf(width).arm;
  return Math.max(width * WIDTH, width * HOLLOW.width + lineOf(width)) / 2;
}

const dotOf = (width: number) => Math.max(0.6, width * DOT);
const lineOf = (width: number) => Math.max(1, width * HOLLOW.line);
const crossOf = (width: number) => ({
  arm: Math.max(1, width * CROSS.arm),
  half: Math.max(1, width * CROSS.line) / 2
});

function distanceTo(shape: SeatShape, width: number, round: boolean): Distance {
  if (shape === 'filled') return box((width * WIDTH) / 2, round);
  if (shape === 'dot') {
    const radius = dotOf(width);
    return (x, y) => Math.sqrt(x * x + y * y) - radius;
  }
  if (shape === 'hollow') {
    const edge = box((width * HOLLOW.width) / 2, round);
    const half = lineOf(width) / 2;
    return (x, y) => Math.abs(edge(x, y)) - half;
  }
  const { arm, half } = crossOf(width);
  return (x, y) => {
    const along = Math.abs(x);
    const across = Math.abs(y);
    return Math.max(Math.abs(along - across) * Math.SQRT1_2 - half, Math.max(along, across) - arm);
  };
}

/**
 * The shape of a seat `width` pixels wide whose middle lies (fx, fy) pixels (0 … 1) right of and below the corner of
 * its pixel.
 */
export function seatMask(shape: SeatShape, width: number, round: boolean, fx: number, fy: number): Mask {
  const covered = coverage(shape, width, round);
  const most = Math.ceil(extentOf(shape, width)) + 1;
  const [dx, dy, alpha]: [number[], number[], number[]] = [[], [], []];
  let reach = 0;
  for (let y = -most; y <= most; y++) {
    for (let x = -most; x <= most; x++) {
      const share = Math.round(255 * covered(x - fx, y - fy));
      if (share < 3) continue;
      dx.push(x);
      dy.push(y);
      alpha.push(share);
      reach = Math.max(reach, Math.abs(x), Math.abs(y));
    }
  }
  return { dx: new Int16Array(dx), dy: new Int16Array(dy), alpha: new Uint8Array(alpha), reach };
}

/** 0 … 1 of the pixel whose upper left corner is at (left, top), seen from the middle of the seat. */
type Coverage = (left: number, top: number) => number;

function coverage(shape: SeatShape, width: number, round: boolean): Coverage {
  const half = (width * WIDTH) / 2;
  if (shape === 'filled' && !round) return square(half);
  if (shape === 'hollow' && !round) {
    const [outer, inner] = [square(half), square(Math.max(0, half - THIN))];
    return (left, top) => outer(left, top) - inner(left, top);
  }
  const distance = distanceTo(shape, width, round);
  const covered = width < FINE_TO ? sampled : edged;
  return (left, top) => covered(distance, left, top);
}

const square = (half: number): Coverage => {
  const along = (from: number) => Math.max(0, Math.min(from + 1, half) - Math.max(from, -half));
  return (left, top) => along(left) * along(top);
};

function sampled(distance: Distance, left: number, top: number): number {
  const middle = distance(left + 0.5, top + 0.5);
  if (Math.abs(middle) > NEAR) return middle < 0 ? 1 : 0;
  let inside = 0;
  for (let n = 0; n < SAMPLES * SAMPLES; n++) {
    const x = ((n % SAMPLES) + 0.5) / SAMPLES;
    const y = (Math.floor(n / SAMPLES) + 0.5) / SAMPLES;
    if (distance(left + x, top + y) < 0) inside++;
  }
  return inside / (SAMPLES * SAMPLES);
}

const edged = (distance: Distance, left: number, top: number) =>
  Math.min(1, Math.max(0, 0.5 - distance(left + 0.5, top + 0.5)));
