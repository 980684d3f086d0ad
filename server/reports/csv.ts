import { stringify } from 'csv-stringify/sync';
import { amountText } from '#domain/money.ts';
import { inZone } from '#domain/time.ts';

/** Tables as CSV that a spreadsheet opens without doing what a buyer's name tells it to. */
export interface CsvColumn<R> {
  header: string;
  /** null is an empty cell. */
  cell: (row: R) => string | number | null;
  /** The cell is a number as text (`24.50`, `-3`): it stays one. */
  number?: true;
}

/** `=HYPERLINK(…)` is a formula to a spreadsheet; with an apostrophe before it, it is a text. Full-width signs count too. */
const FORMULA = /^[=+\-@\t\r\n＝＋－＠]/;
export const safeText = (text: string): string => (FORMULA.test(text) ? `'${text}` : text);

/** Excel takes a file for UTF-8 only when it begins so. */
const BOM = '\uFEFF';

/**
 * RFC 4180 with a header, a portion of rows at a time: the next one is read when the client has taken the last, so
 * memory stays flat. When reading fails the stream breaks, so that half a file is not taken for all of it; when the
 * client goes away no further portion is read.
 */
export function csvStream<R>(
  columns: readonly CsvColumn<R>[],
  portions: AsyncGenerator<readonly R[]>,
  { bom }: { bom: boolean }
): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  const line = (cells: readonly (readonly (string | number | null)[])[]) =>
    encoder.encode(stringify([...cells], { record_delimiter: 'windows' }));
  const cells = (row: R) =>
    columns.map(({ cell, number }) => {
      const value = cell(row);
      return typeof value === 'string' && !number ? safeText(value) : value;
    });
  return new ReadableStream<Uint8Array>(
    {
      start(controller) {
        if (bom) controller.enqueue(encoder.encode(BOM));
        controller.enqueue(line([columns.map(({ header }) => header)]));
      },
      async pull(controller) {
        const next = await portions.next();
        if (next.done) controller.close();
        else controller.enqueue(line(next.value.map(cells)));
      },
      async cancel() {
        await portions.return(undefined);
      }
    },
    { highWaterMark: 1 }
  );
}

type Moment = Date | string | null;

/** The columns of a money amount in minor units: the amount as a decimal number. Its currency has a column of its own. */
export const moneyColumn = <R>(
  header: string,
  amount: (row: R) => number | null,
  currency: (row: NoInfer<R>) => string
): CsvColumn<R> => ({
  header,
  number: true,
  cell: (row: R) => {
    const minor = amount(row);
    return minor === null ? null : amountText(minor, currency(row));
  }
});

/** A time as the clock there had it, with its distance from UTC. The zone has a column of its own. */
export const timeColumn = <R>(
  header: string,
  moment: (row: R) => Moment,
  zone: (row: NoInfer<R>) => string
): CsvColumn<R> => ({
  header,
  cell: (row) => {
    const at = moment(row);
    return at === null ? null : inZone(at, zone(row));
  }
});
