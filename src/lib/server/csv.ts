import { exportQuery } from '#domain/reports.ts';
import { isRefusal, type Refusal } from '#domain/refusal.ts';
import type { CsvFile } from '../../../server/reports/exports.ts';
import { readQuery } from './api.ts';

/** A file to download, named after what is in it and the day it was made. */
export function csvFile(name: string, url: URL, make: (options: { bom: boolean }) => CsvFile): Response | Refusal {
  const asked = readQuery(url, exportQuery);
  if (isRefusal(asked)) return asked;
  const day = new Date().toISOString().slice(0, 10);
  return new Response(make({ bom: asked.bom === '1' }), {
    headers: {
      ...{ 'content-type': 'text/csv; charset=utf-8; header=present', 'cache-control': 'no-store' },
      'content-disposition': `attachment; filename="${name}-${day}.csv"`
    }
  });
}
