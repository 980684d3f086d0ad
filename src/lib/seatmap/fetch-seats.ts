import { unpackMap, type DatedMap } from '#domain/map-bytes.ts';

export const seatsPath = (show: string) => `/shows/${show}/seats.bin`;

/** The seats of a show as they are now, or null when they did not come: then the socket brings them. */
export async function fetchSeats(show: string): Promise<DatedMap | null> {
  const answer = await fetch(seatsPath(show)).catch(() => null);
  const bytes = answer?.ok ? await answer.arrayBuffer().catch(() => null) : null;
  return bytes && unpackMap(bytes);
}
