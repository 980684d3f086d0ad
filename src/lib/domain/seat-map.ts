/**
 * The seat map: 2 bits a seat, laid out as Redis BITFIELD u2 does. Seat i is bits 2i and 2i+1,
 * counted from the most significant bit of byte 0, so the bytes travel from Redis to the screen untouched.
 */
export const SeatState = { available: 0, held: 1, booked: 2, blocked: 3 } as const;
export type SeatState = (typeof SeatState)[keyof typeof SeatState];
export type SeatStateName = keyof typeof SeatState;

/** The index of a seat in its show's frozen seating plan: 0 … capacity − 1. */
export type SeatIndex = number;

export const STATE_NAMES = ['available', 'held', 'booked', 'blocked'] as const satisfies readonly SeatStateName[];

export const mapBytes = (capacity: number) => Math.ceil(capacity / 4);

export const newSeatMap = (capacity: number) => new Uint8Array(mapBytes(capacity));

/** A seat past the end of the bytes is available: Redis does not store trailing zeros either. */
export function seatState(map: Uint8Array, seat: SeatIndex): SeatState {
  return (((map[seat >> 2] ?? 0) >> (6 - 2 * (seat & 3))) & 3) as SeatState;
}

export function setSeatState(map: Uint8Array, seat: SeatIndex, state: SeatState): void {
  const byte = seat >> 2;
  const shift = 6 - 2 * (seat & 3);
  map[byte] = ((map[byte] ?? 0) & ~(3 << shift)) | (state << shift);
}

/** Pads or cuts to exactly `mapBytes(capacity)`, in a copy of its own. */
export function sizedMap(bytes: Uint8Array, capacity: number): Uint8Array {
  const map = newSeatMap(capacity);
  map.set(bytes.subarray(0, map.length));
  return map;
}

export interface SeatCounts {
  available: number;
  held: number;
  booked: number;
  blocked: number;
}

export function countStates(map: Uint8Array, capacity: number): SeatCounts {
  const tally: [number, number, number, number] = [0, 0, 0, 0];
  for (let seat = 0; seat < capacity; seat++) tally[seatState(map, seat)]++;
  return { available: tally[0], held: tally[1], booked: tally[2], blocked: tally[3] };
}

/** Difference-codes ascending indexes: 100, 101, 106 → [100, 1, 5]. */
export function encodeSeats(ascending: readonly SeatIndex[]): number[] {
  let last = 0;
  return ascending.map((seat) => {
    const step = seat - last;
    last = seat;
    return step;
  });
}

export function decodeSeats(steps: readonly number[]): SeatIndex[] {
  let seat = 0;
  return steps.map((step) => (seat += step));
}
