import { error, type RequestEvent } from '@sveltejs/kit';
import { problem } from './api.ts';

/** How large a body may be (bytes). Only seating plans are large, and only organizers may send them. */
const MB = 1024 * 1024;
const USUAL = MB;
const LARGE: Readonly<Record<string, number>> = {
  '/api/v1/plans/import': 70 * MB,
  '/(admin)/admin/plans/import': 70 * MB,
  // 100,000 seats with ids of their editor's making.
  '/api/v1/plans/[id]/draft': 16 * MB
};
/** What is larger than this is not read to its end: the connection breaks. */
const THROWN_AWAY = 80 * MB;

const mostFor = ({ route, locals }: RequestEvent): number => {
  const role = locals.identity.user?.role;
  return role === 'organizer' || role === 'admin' ? (LARGE[route.id ?? ''] ?? USUAL) : USUAL;
};

/**
 * A 413 for a body that says it is too large. One that does not say how large it is is counted while it is read, and
 * reading it fails beyond the limit. In both cases the rest is read and thrown away: a client that is still sending
 * would see a broken connection in the place of the answer.
 */
export async function limitBody(event: RequestEvent): Promise<Response | null> {
  const { request } = event;
  if (request.body === null) return null;
  const most = mostFor(event);
  const length = request.headers.get('content-length');
  if (length !== null) {
    if (Number(length) <= most) return null;
    if (Number(length) <= THROWN_AWAY) await request.body.pipeTo(new WritableStream()).catch(() => undefined);
    return problem(413, 'TOO_LARGE', words(most));
  }
  let size = 0;
  const counted = request.body.pipeThrough(
    new TransformStream<Uint8Array, Uint8Array>({
      transform(chunk, controller) {
        size += chunk.length;
        if (size <= most) controller.enqueue(chunk);
      },
      flush() {
        if (size > most) error(413, words(most));
      }
    })
  );
  // The stream of Node's Request needs `duplex`, which the type does not know.
  event.request = new Request(request, { body: counted, duplex: 'half' } as RequestInit);
  return null;
}

const words = (most: number) => `A body may have ${Math.round(most / MB)} MB here.`;
