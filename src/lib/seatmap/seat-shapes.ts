/** The outlines of one seat around (x, y); `scale` is the width a seat has on screen, in pixels. */
export function seatShape(path: Path2D | undefined, x: number, y: number, scale: number, round: boolean) {
  const size = scale * 0.76;
  if (round)
    path?.roundRect(x - size / 2, y - size / 2, size, size, [size * 0.42, size * 0.42, size * 0.24, size * 0.24]);
  else path?.rect(x - size / 2, y - size / 2, size, size);
}

export function tick(g: CanvasRenderingContext2D, x: number, y: number, scale: number, colour: string) {
  g.strokeStyle = colour;
  g.lineWidth = Math.max(1.2, scale * 0.11);
  g.lineCap = 'round';
  g.lineJoin = 'round';
  g.beginPath();
  g.moveTo(x - scale * 0.2, y);
  g.lineTo(x - scale * 0.05, y + scale * 0.17);
  g.lineTo(x + scale * 0.22, y - scale * 0.17);
  g.stroke();
}
