/** Levels of detail, by the width (CSS pixels) that a seat has on screen. */

/** Each seat is drawn; from further away a section is one piece, brighter the more is left in it. */
const SEATS_FROM = 1.1;
/** A press means a seat and no more its section. */
export const PRESS_FROM = 3.2;
/** A section's name and what is left in it lie over its seats until they are this large. */
const PLATES_TO = 6.5;
const ROUND_FROM = 7;
const ROWS_FROM = 10;
export const NUMBERS_FROM = 21;
const NAMES_TO = 30;

export interface Detail {
  seats: boolean;
  /** Seats have the shape of seats, and are no squares. */
  round: boolean;
  /** Sections' names with what is left in them, in the middle of each. */
  plates: boolean;
  /** Sections' names at their front rows. */
  names: boolean;
  rows: boolean;
  numbers: boolean;
}

/** Sections as pieces, and nothing said of them. */
export const OUTLINES: Detail = {
  seats: false,
  round: false,
  plates: false,
  names: false,
  rows: false,
  numbers: false
};

export function detailOf(scale: number): Detail {
  return {
    seats: scale >= SEATS_FROM,
    round: scale >= ROUND_FROM,
    plates: scale < PLATES_TO,
    names: scale >= PLATES_TO && scale < NAMES_TO,
    rows: scale >= ROWS_FROM,
    numbers: scale >= NUMBERS_FROM
  };
}
