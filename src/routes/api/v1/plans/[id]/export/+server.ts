import { exportPlanQuery } from '#domain/api/plans.ts';
import { isRefusal } from '#domain/refusal.ts';
import { api, asManager, readQuery } from '$lib/server/api.ts';
import type { RequestEvent } from './$types';

export const GET = api(async (event: RequestEvent) => {
  const by = asManager(event);
  if (isRefusal(by)) return by;
  const asked = readQuery(event.url, exportPlanQuery);
  if (isRefusal(asked)) return asked;
  const file = await event.locals.app.desk.planFiles.export(by, event.params.id, asked.part);
  if (isRefusal(file)) return file;
  const name = `${event.params.id}.${asked.part === 'plan' ? 'pretix' : 'supplement'}.json`;
  return new Response(Buffer.from(file), {
    headers: {
      ...{ 'content-type': 'application/json', 'cache-control': 'no-store' },
      'content-disposition': `attachment; filename="${name}"`
    }
  });
});
