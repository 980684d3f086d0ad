/** Pointers and wheel, turned into what they mean on a map. Positions are CSS pixels in the element. */
export interface Gestures {
  pan(dx: number, dy: number): void;
  zoom(x: number, y: number, factor: number): void;
  press(x: number, y: number, touch: boolean, shift: boolean): void;
  hover(x: number | null, y: number | null): void;
  /** Where a drag may draw a rectangle in the place of moving the map. */
  frame?: {
    wanted(event: PointerEvent): boolean;
    drawn(from: Point, to: Point, end: { shift: boolean } | null): void;
  };
}
interface Point {
  x: number;
  y: number;
}

/** A finger is never quite still: moving less than this (px) is a press. */
const STILL = 7;

export function listenToGestures(element: HTMLElement, on: Gestures): () => void {
  const pointers = new Map<number, { x: number; y: number }>();
  let moved = 0;
  let spread = 0;
  let frameFrom: Point | null = null;

  const at = (event: MouseEvent) => {
    const box = element.getBoundingClientRect();
    return { x: event.clientX - box.left, y: event.clientY - box.top };
  };

  const both = () => {
    const [a, b] = [...pointers.values()];
    if (!a || !b) return null;
    return { x: (a.x + b.x) / 2, y: (a.y + b.y) / 2, spread: Math.hypot(a.x - b.x, a.y - b.y) };
  };

  const down = (event: PointerEvent) => {
    if (event.pointerType === 'mouse' && event.button !== 0) return;
    element.setPointerCapture(event.pointerId);
    pointers.set(event.pointerId, at(event));
    if (pointers.size === 1) moved = 0;
    frameFrom = pointers.size === 1 && on.frame?.wanted(event) ? at(event) : null;
    spread = both()?.spread ?? 0;
  };

  const move = (event: PointerEvent) => {
    const now = at(event);
    const before = pointers.get(event.pointerId);
    if (!before) {
      if (event.pointerType === 'mouse') on.hover(now.x, now.y);
      return;
    }
    const middle = both();
    pointers.set(event.pointerId, now);
    moved += Math.hypot(now.x - before.x, now.y - before.y);
    const next = both();
    if (middle && next) {
      on.pan(next.x - middle.x, next.y - middle.y);
      if (spread > 0 && next.spread > 0) on.zoom(next.x, next.y, next.spread / spread);
      spread = next.spread;
      moved = Infinity;
    } else if (frameFrom && moved > STILL) on.frame?.drawn(frameFrom, now, null);
    else if (moved > STILL) {
      on.hover(null, null);
      on.pan(now.x - before.x, now.y - before.y);
    }
  };

  const up = (event: PointerEvent) => {
    if (!pointers.delete(event.pointerId)) return;
    if (frameFrom && moved > STILL) on.frame?.drawn(frameFrom, at(event), { shift: event.shiftKey });
    frameFrom = null;
    if (pointers.size === 0 && moved <= STILL && event.type === 'pointerup') {
      const { x, y } = at(event);
      on.press(x, y, event.pointerType !== 'mouse', event.shiftKey);
    }
  };

  const leave = () => on.hover(null, null);

  const wheel = (event: WheelEvent) => {
    event.preventDefault();
    const { x, y } = at(event);
    // Lines and pages (Firefox, some mice) are brought to pixels first.
    const pixels = event.deltaY * (event.deltaMode === 1 ? 16 : event.deltaMode === 2 ? 400 : 1);
    on.zoom(x, y, Math.exp(-Math.max(-240, Math.min(240, pixels)) * (event.ctrlKey ? 0.01 : 0.0022)));
  };

  const stop = new AbortController();
  const { signal } = stop;
  element.addEventListener('pointerdown', down, { signal });
  element.addEventListener('pointermove', move, { signal });
  element.addEventListener('pointerup', up, { signal });
  element.addEventListener('pointercancel', up, { signal });
  element.addEventListener('pointerleave', leave, { signal });
  element.addEventListener('wheel', wheel, { signal, passive: false });
  return () => stop.abort();
}
