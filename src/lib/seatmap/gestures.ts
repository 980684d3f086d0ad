/** Pointers and wheel, turned into what they mean on a map. Positions are CSS pixels in the element. */
export interface Gestures {
  pan(dx: number, dy: number): void;
  zoom(x: number, y: number, factor: number): void;
  press(x: number, y: number, touch: boolean, shift: boolean): void;
  hover(x: number | null, y: number | null): void;
  /** A press that does something of its own in place of moving the map, such as drawing. */
  grab?(x: number, y: number, event: PointerEvent): Stroke | null;
}

/** From pressing down to letting go; a second finger cancels it and moves the map. */
export interface Stroke {
  move(x: number, y: number, event: PointerEvent): void;
  end(x: number, y: number, event: PointerEvent): void;
  cancel(): void;
}

/** A finger is never quite still: moving less than this (px) is a press. */
export const STILL = 7;

export function listenToGestures(element: HTMLElement, on: Gestures): () => void {
  const pointers = new Map<number, { x: number; y: number }>();
  let moved = 0;
  let spread = 0;
  let stroke: Stroke | null = null;

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
    // Where the left button draws, the middle one moves the map.
    const middle = event.button === 1 && on.grab !== undefined;
    if (event.pointerType === 'mouse' && event.button !== 0 && !middle) return;
    element.setPointerCapture(event.pointerId);
    const now = at(event);
    pointers.set(event.pointerId, now);
    spread = both()?.spread ?? 0;
    if (pointers.size > 1) {
      stroke?.cancel();
      stroke = null;
      return;
    }
    moved = middle ? Infinity : 0;
    stroke = middle ? null : (on.grab?.(now.x, now.y, event) ?? null);
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
    if (stroke) return stroke.move(now.x, now.y, event);
    moved += Math.hypot(now.x - before.x, now.y - before.y);
    const next = both();
    if (middle && next) {
      on.pan(next.x - middle.x, next.y - middle.y);
      if (spread > 0 && next.spread > 0) on.zoom(next.x, next.y, next.spread / spread);
      spread = next.spread;
      moved = Infinity;
    } else if (moved > STILL) {
      on.hover(null, null);
      on.pan(now.x - before.x, now.y - before.y);
    }
  };

  const up = (event: PointerEvent) => {
    if (!pointers.delete(event.pointerId)) return;
    if (stroke) {
      const { x, y } = at(event);
      if (event.type === 'pointerup') stroke.end(x, y, event);
      else stroke.cancel();
      stroke = null;
      return;
    }
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
