/** A banner of our own: the house seen from the back row, in the event's two colours. */
export function banner(slug: string, [dark, light]: readonly [string, string], sold: number): string {
  const rows = Array.from({ length: 8 }, (_, r) => {
    const seats = 26 + r * 3;
    return Array.from({ length: seats }, (_, s) => {
      const off = s - (seats - 1) / 2;
      const x = 400 + off * (22 + r * 2.2);
      const y = 150 + r * 30 + (off / seats) ** 2 * 70;
      const taken = ((s * 7 + r * 13 + slug.length * 5) % 100) / 100 < sold;
      return `<circle cx="${x.toFixed(1)}" cy="${y.toFixed(1)}" r="${(5 + r * 0.4).toFixed(1)}" fill-opacity="${taken ? 0.12 : 0.6}"/>`;
    }).join('');
  }).join('');
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 800 400" preserveAspectRatio="xMidYMid slice">` +
    `<defs><radialGradient id="g" cx=".5" cy="0" r="1"><stop offset="0" stop-color="${light}" stop-opacity=".8"/>` +
    `<stop offset="1" stop-color="${dark}"/></radialGradient></defs>` +
    `<rect width="800" height="400" fill="${dark}"/><rect width="800" height="400" fill="url(#g)"/>` +
    `<path d="M150 96 Q400 130 650 96" fill="none" stroke="#fff" stroke-opacity=".5" stroke-width="4" stroke-linecap="round"/>` +
    `<g fill="#fff">${rows}</g></svg>\n`
  );
}
