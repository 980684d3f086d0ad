/** Moving less than this (px) is a tap. */
const TAP_PX = 8;
/** A flick this fast (px for each ms) says which way, wherever it ends. */
const FLICK = 0.4;

/**
 * The handle of a sheet follows the finger. `dragged` is told how far (px, downwards), `let go` whether it was on the way
 * up. A tap stays a click of the handle; the click that a browser makes of a drag is swallowed.
 */
export function dragSheet(
  handle: HTMLElement,
  on: { dragged: (dy: number) => void; letGo: (up: boolean) => void }
): () => void {
  let from: { y: number; id: number } | null = null;
  let last = { y: 0, at: 0 };
  let speed = 0;
  let dragging = false;

  const down = (event: PointerEvent) => {
    if (!event.isPrimary || event.button !== 0) return;
    from = { y: event.clientY, id: event.pointerId };
    last = { y: event.clientY, at: event.timeStamp };
    [speed, dragging] = [0, false];
  };
  const move = (event: PointerEvent) => {
    if (from?.id !== event.pointerId) return;
    const dy = event.clientY - from.y;
    if (!dragging && Math.abs(dy) < TAP_PX) return;
    // Only now: a captured pointer would take the click away from a link inside the handle.
    if (!dragging) handle.setPointerCapture(event.pointerId);
    dragging = true;
    speed = (event.clientY - last.y) / Math.max(1, event.timeStamp - last.at);
    last = { y: event.clientY, at: event.timeStamp };
    on.dragged(dy);
  };
  const up = (event: PointerEvent) => {
    if (from?.id !== event.pointerId) return;
    const dy = event.clientY - from.y;
    from = null;
    if (dragging) on.letGo(Math.abs(speed) > FLICK ? speed < 0 : dy < 0);
    // The click comes right after, if at all.
    setTimeout(() => (dragging = false));
  };
  const click = (event: MouseEvent) => {
    if (!dragging) return;
    event.preventDefault();
    event.stopPropagation();
  };

  const stop = new AbortController();
  const { signal } = stop;
  handle.addEventListener('pointerdown', down, { signal });
  handle.addEventListener('pointermove', move, { signal });
  handle.addEventListener('pointerup', up, { signal });
  handle.addEventListener('pointercancel', up, { signal });
  handle.addEventListener('click', click, { signal, capture: true });
  return () => stop.abort();
}
