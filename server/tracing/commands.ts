import { SpanKind } from '@opentelemetry/api';
import { inSpan, isTracing } from './spans.ts';

const SERVER = { kind: SpanKind.SERVER };

const named = (payload: unknown): string | null =>
  typeof payload === 'object' && payload !== null && 'traceparent' in payload && typeof payload.traceparent === 'string'
    ? payload.traceparent
    : null;

/** A span for each command of a socket, under the trace that the client names in its payload, if it does. */
export const traceCommand =
  <S, C extends string, T>(handle: (socket: S, name: C, payload: unknown) => Promise<T>) =>
  (socket: S, name: C, payload: unknown): Promise<T> =>
    isTracing()
      ? inSpan(name, () => handle(socket, name, payload), { ...SERVER, parent: named(payload) })
      : handle(socket, name, payload);
