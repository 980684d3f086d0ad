import type { Second } from '../../server/rehearsal/buyers/collect.ts';
import { ms } from './verdict.ts';

/** One line a second; on a terminal it stays in its place. */
const number = (value: number, width: number) => value.toLocaleString('en').padStart(width);

export const progressLine = (second: Second): string =>
  [
    `${number(second.at, 4)} s`,
    `${number(second.connected, 6)} connected`,
    `${number(second.holds, 6)} holds/s`,
    `p50 ${ms(second.p50).padStart(7)}`,
    `p99 ${ms(second.p99).padStart(7)}`,
    `${number(second.bookings, 4)} bookings/s`,
    `${number(second.refusals, 4)} refused`,
    `everyone p99 ${ms(second.everyoneP99).padStart(7)}`,
    ...(second.errors > 0 ? [`${second.errors} ERRORS`] : [])
  ].join('  ');

export function createProgress(out: NodeJS.WriteStream) {
  let inPlace = false;
  return {
    line(text: string) {
      if (inPlace) out.write('\n');
      inPlace = false;
      out.write(`${text}\n`);
    },
    second(second: Second) {
      // Every ten seconds a line stays, so that one can look back.
      const stays = !out.isTTY || second.at % 10 === 0;
      out.write(`${inPlace ? '\r\x1b[K' : ''}${progressLine(second)}${stays ? '\n' : ''}`);
      inPlace = !stays;
    }
  };
}
