import { z } from 'zod';

/** Ids of the catalogue are 12 characters from [0-9a-z]; bookings, payments and tickets are UUIDs. */
export const catalogId = z.string().regex(/^[0-9a-z]{12}$/, 'is not an id of ours');
export const uuid = z.uuid();

export type ShowId = string;
export type UserId = string;
/** `u_<user id>` for a signed-in user, `g_<random>` for a guest. */
export type BuyerId = string;
/** `<show id>.<12 characters>`: a hold names its show, so no index from hold to show is needed. */
export type HoldId = string;

export const holdId = z.string().regex(/^[0-9a-z]{12}\.[0-9a-z]{12}$/, 'is not a hold of ours');
export const showOfHold = (hold: HoldId): ShowId => hold.slice(0, 12);
