import { z } from 'zod';
import type { RoomPlace } from '#domain/waiting-room.ts';

/** What this browser saw before the draw: a server that changes any of it afterwards is found out here. */
const noted = z.object({ commitment: z.string(), list: z.string().optional(), ticket: z.string().optional() });
export type Noted = z.infer<typeof noted>;

const keyOf = (show: string) => `fullhouse_room_${show}`;

export function readNoted(show: string): Noted | null {
  try {
    return noted.safeParse(JSON.parse(localStorage.getItem(keyOf(show)) ?? 'null')).data ?? null;
  } catch {
    return null;
  }
}

/** The first that was seen of each stays. */
export function note({ ticket, room }: RoomPlace): void {
  const before = readNoted(room.showId);
  const inDraw = room.phase === 'lobby' && ticket !== null ? ticket : before?.ticket;
  const list = before?.list ?? room.listHash ?? undefined;
  const now: Noted = {
    commitment: before?.commitment ?? room.commitment,
    ...(inDraw === undefined ? {} : { ticket: inDraw }),
    ...(list === undefined ? {} : { list })
  };
  try {
    localStorage.setItem(keyOf(room.showId), JSON.stringify(now));
  } catch {
    // A browser that keeps nothing can still check what was published.
  }
}
