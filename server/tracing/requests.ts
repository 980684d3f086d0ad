import type { IncomingMessage, ServerResponse } from 'node:http';
import { SpanKind } from '@opentelemetry/api';
import { inSpan } from './spans.ts';

type Handler = (request: IncomingMessage, response: ServerResponse) => void;

/** Files are many, and tell nothing. */
const isFile = (path: string) => path.startsWith('/_app/') || /\.\w+$/.test(path);

/** A span for each page and API call, under the caller's trace if they name one. The path only: queries hold keys. */
export const traceRequests =
  (handler: Handler): Handler =>
  (request, response) => {
    const [path = ''] = (request.url ?? '').split('?');
    if (isFile(path)) return handler(request, response);
    const { method = '' } = request;
    const parent = [request.headers['traceparent'] ?? []].flat()[0] ?? null;
    const answered = () =>
      new Promise<void>((done) => {
        response.once('close', done);
        handler(request, response);
      });
    const attributes = { 'http.request.method': method, 'url.path': path };
    void inSpan(`HTTP ${method}`, answered, { parent, kind: SpanKind.SERVER, attributes });
  };
