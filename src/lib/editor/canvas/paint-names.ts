import { FONT, type Sheet } from './paint-floor.ts';

const SIGNS = { wheelchair: '♿\uFE0E', companion: 'c', restricted: '◐' } as const;

/** Numbers on the seats; attributes take their place, or stand in the corner. */
export function paintMarks(g: CanvasRenderingContext2D, { floor, camera, palette }: Sheet, seats: readonly number[]) {
  let row = -1;
  let byId = new Map<string, { label: string; attributes?: readonly (keyof typeof SIGNS)[] | undefined }>();
  g.fillStyle = palette.onTier;
  const font = `600 ${Math.round(camera.scale * 0.36)}px ${FONT}`;
  const small = `600 ${Math.round(camera.scale * 0.26)}px ${FONT}`;
  for (const n of [...seats].sort((a, b) => a - b)) {
    if (floor.rowOf[n] !== row) {
      row = floor.rowOf[n] ?? -1;
      byId = new Map(floor.rowAt(n)?.seats.map((seat) => [seat.id, seat]));
    }
    const seat = byId.get(floor.ids[n] ?? '');
    if (!seat) continue;
    const { x, y } = camera.toScreen(floor.xs[n] ?? 0, floor.ys[n] ?? 0);
    const signs = (seat.attributes ?? []).map((name) => SIGNS[name]).join('');
    g.font = font;
    g.fillText(seat.label, x, signs ? y - camera.scale * 0.1 : y + 1);
    if (!signs) continue;
    g.font = small;
    g.fillText(signs, x, y + camera.scale * 0.22);
  }
}

export function paintRowNames(
  g: CanvasRenderingContext2D,
  { floor, camera, palette }: Sheet,
  rows: ReadonlySet<number>
) {
  g.fillStyle = palette.faint;
  g.font = `500 ${Math.min(13, Math.max(9, camera.scale * 0.55))}px ${FONT}`;
  for (const n of rows) {
    const row = floor.draft.rows[n];
    const [first, second] = row?.seats ?? [];
    if (!row || !first || row.table !== undefined) continue;
    const angle = second ? Math.atan2(second.y - first.y, second.x - first.x) : 0;
    const { x, y } = camera.toScreen(first.x - Math.cos(angle) * 1.15, first.y - Math.sin(angle) * 1.15);
    g.fillText(row.label, x, y);
  }
}
