import * as z from 'zod/mini';

/** A confirmed booking with its tickets, as much of it as the door needs: what a phone keeps for when it is offline. */
export const keptBooking = z.object({
  id: z.uuid(),
  title: z.string(),
  startsAt: z.string(),
  timeZone: z.string(),
  place: z.string(),
  address: z.string(),
  tickets: z.array(
    z.object({
      label: z.string(),
      shortCode: z.string(),
      /** The QR code as SVG. */
      qr: z.string()
    })
  )
});
export type KeptBooking = z.infer<typeof keptBooking>;

/** What `GET /bookings/kept` answers: of the bookings asked for, those whose tickets let somebody in. */
export const keptAnswer = z.object({ owner: z.string(), at: z.string(), bookings: z.array(keptBooking) });

/** One entry of the phone's memory. */
export const keptEntry = z.object({
  /** The account it belongs to. */
  owner: z.string(),
  /** When the server said so, by its own clock. */
  at: z.string(),
  booking: keptBooking
});
export type KeptEntry = z.infer<typeof keptEntry>;
