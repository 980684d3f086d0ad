import type { BuyerId, ShowId, UserId } from '#domain/ids.ts';

/** Rooms of Socket.IO. Frames go to a show's room on this node only; the rest may be reached from every node. */
export const showRoom = (show: ShowId) => `show:${show}`;
/** Those who run the show. */
export const controlRoom = (show: ShowId) => `control:${show}`;
export const buyerRoom = (buyer: BuyerId) => `buyer:${buyer}`;
/** The gates of a show, on every node. */
export const gateRoom = (show: ShowId) => `gate:${show}`;
/** What one session has open, on every node; by its stored id, which is not its token. */
export const sessionRoom = (id: string) => `session:${id}`;
export const userRoom = (user: UserId) => `user:${user}`;
/** Those who wait to be admitted to a show. */
export const waitingRoomOf = (show: ShowId) => `waiting-room:${show}`;
