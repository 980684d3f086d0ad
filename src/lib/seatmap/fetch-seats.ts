import { unpackMap, type DatedMap } from '#domain/map-bytes.ts';
import { arriving } from '$lib/components/arriving.ts';

export const seatsPath = (show: string) => `/shows/${show}/seats.bin`;

/** The seats of a show as they are now, or null when they did not come: then the socket brings them. */
export async function fetchSeats(show: string): Promise<DatedMap | null> {
  const arrived = await arriving(seatsPath(show)).whole;
  return arrived && unpackMap(arrived.bytes);
}
