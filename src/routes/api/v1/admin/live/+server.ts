import { isRefusal } from '#domain/refusal.ts';
import { api, asManager } from '$lib/server/api.ts';
import { figuresStream } from '$lib/server/figures-stream.ts';

/** Today's figures: once as JSON, or again and again to whoever accepts an event stream. */
export const GET = api((event) => {
  const by = asManager(event);
  if (isRefusal(by)) return by;
  if (!event.request.headers.get('accept')?.includes('text/event-stream')) return event.locals.app.reports.today(by);
  return new Response(figuresStream(event.locals), {
    headers: {
      ...{ 'content-type': 'text/event-stream', 'cache-control': 'no-store' },
      // A proxy that collects the answer before it passes it on would show the figures when they are old.
      'x-accel-buffering': 'no'
    }
  });
});
