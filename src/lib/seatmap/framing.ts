import type { SeatIndex } from '#domain/seat-map.ts';
import type { Camera } from './camera.ts';
import { STILL, type Stroke } from './gestures.ts';
import type { House } from './house.ts';
import type { SeatGrid } from './seat-grid.ts';

export interface Point {
  x: number;
  y: number;
}

/** A rectangle over seats, where one is wanted in the place of moving the map; a drag that goes nowhere is a press. */
export function frameSeats(
  from: Point,
  on: {
    drawn: (frame: { from: Point; to: Point } | null) => void;
    press: (event: PointerEvent) => void;
    framed: (to: Point, event: PointerEvent) => void;
  }
): Stroke {
  return {
    move: (x, y) => on.drawn({ from, to: { x, y } }),
    end: (x, y, event) => {
      on.drawn(null);
      if (Math.hypot(x - from.x, y - from.y) <= STILL) on.press(event);
      else on.framed({ x, y }, event);
    },
    cancel: () => on.drawn(null)
  };
}

/** The seats whose middle lies in the rectangle (CSS pixels). */
export function seatsInside(house: House, grid: SeatGrid, camera: Camera, from: Point, to: Point): SeatIndex[] {
  const a = camera.toWorld(Math.min(from.x, to.x), Math.min(from.y, to.y));
  const b = camera.toWorld(Math.max(from.x, to.x), Math.max(from.y, to.y));
  const inside: SeatIndex[] = [];
  grid.within(a.x, a.y, b.x, b.y, (seat) => {
    const [x, y] = [house.xs[seat] ?? NaN, house.ys[seat] ?? NaN];
    if (x >= a.x && x <= b.x && y >= a.y && y <= b.y) inside.push(seat);
  });
  return inside;
}
