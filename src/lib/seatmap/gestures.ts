import { Glide, type Speed } from './glide.ts';

/** Pointers and wheel, turned into what they mean on a map. Positions are CSS pixels in the element. */
export interface Gestures {
  pan(dx: number, dy: number): void;
  zoom(x: number, y: number, factor: number): void;
  press(x: number, y: number, touch: boolean, shift: boolean): void;
  /** The second of two quick presses on one place; where this is not asked for it is a press like any. */
  pressTwice?(x: number, y: number, touch: boolean, shift: boolean): void;
  /** A finger or button comes down: what moves by itself stops. */
  touch?(): void;
  /** Let go in the middle of a drag, at this speed. */
  letGo?(speed: Speed): void;
  hover(x: number | null, y: number | null): void;
  /** Where a page scrolls around the map, the wheel is the page's unless Ctrl or ⌘ is held; told of each turn that was. */
  passed?(): void;
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
/** Pixels that a wheel turns at least at once; two fingers on a touchpad go in smaller steps. */
const NOTCH = 60;
/** Two presses within this time (ms) and distance (px) are one after the other on purpose. */
const TWICE = { ms: 320, px: 24 };

export function listenToGestures(element: HTMLElement, on: Gestures): () => void {
  const pointers = new Map<number, { x: number; y: number }>();
  let moved = 0;
  /** How far this drag has moved the map. */
  let dragged = { x: 0, y: 0 };
  let spread = 0;
  let stroke: Stroke | null = null;
  let last = { x: 0, y: 0, at: -Infinity };
  const glide = new Glide();

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
    on.touch?.();
    glide.forget();
    pointers.set(event.pointerId, now);
    spread = both()?.spread ?? 0;
    dragged = { x: 0, y: 0 };
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
      dragged = { x: dragged.x + now.x - before.x, y: dragged.y + now.y - before.y };
      glide.moved(now.x - before.x, now.y - before.y, event.timeStamp);
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
    if (event.type === 'pointercancel') {
      // It was the page's: what it has done to the map so far is taken back.
      on.pan(-dragged.x, -dragged.y);
      dragged = { x: 0, y: 0 };
    }
    if (pointers.size > 0 || event.type !== 'pointerup') return glide.forget();
    if (moved <= STILL) return pressed(event);
    const speed = glide.speed(event.timeStamp);
    if (speed) on.letGo?.(speed);
  };

  const pressed = (event: PointerEvent) => {
    const { x, y } = at(event);
    const touch = event.pointerType !== 'mouse';
    const near = Math.hypot(x - last.x, y - last.y) < TWICE.px && event.timeStamp - last.at < TWICE.ms;
    last = { x, y, at: near ? -Infinity : event.timeStamp };
    if (near && on.pressTwice) on.pressTwice(x, y, touch, event.shiftKey);
    else on.press(x, y, touch, event.shiftKey);
  };

  /** A finger that is lifted leaves too, and what it has just pressed stays marked. */
  const leave = (event: PointerEvent) => {
    if (event.pointerType === 'mouse') on.hover(null, null);
  };

  const wheel = (event: WheelEvent) => {
    // Two fingers on a touchpad come as a wheel with Ctrl.
    if (on.passed && !event.ctrlKey && !event.metaKey) return on.passed();
    event.preventDefault();
    const { x, y } = at(event);
    on.touch?.();
    // Lines and pages (Firefox, some mice) are brought to pixels first.
    const unit = event.deltaMode === 1 ? 16 : event.deltaMode === 2 ? 400 : 1;
    if (Math.abs(event.deltaX) > Math.abs(event.deltaY)) return on.pan(-event.deltaX * unit, 0);
    const pixels = event.deltaY * unit;
    const pinched = event.ctrlKey && Math.abs(pixels) < NOTCH;
    on.zoom(x, y, Math.exp(-Math.max(-240, Math.min(240, pixels)) * (pinched ? 0.01 : 0.0022)));
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
