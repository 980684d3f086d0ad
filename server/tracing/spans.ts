import {
  context,
  isSpanContextValid,
  ROOT_CONTEXT,
  SpanKind,
  SpanStatusCode,
  trace,
  TraceFlags,
  type Attributes,
  type Context,
  type SpanContext,
  type Tracer
} from '@opentelemetry/api';

/**
 * Spans of OpenTelemetry, where an exporter is set (start.ts); otherwise every function here does nothing but its work. A
 * trace goes from a click to its mail, over processes and minutes: its `traceparent` (W3C Trace Context) is stored where
 * the work waits.
 */
let tracer: Tracer | null = null;

export const isTracing = (): boolean => tracer !== null;

/** For start.ts alone. */
export function traceWith(made: Tracer | null): void {
  tracer = made;
}

export interface SpanOptions {
  /** The traceparent that it goes on; null: what is going on here. */
  parent?: string | null;
  kind?: SpanKind;
  attributes?: Attributes;
  /** Without anything going on here, there is no span: what runs by the clock would be a trace each time. */
  insideOnly?: boolean;
}

/** Work that was waiting in a queue. */
export const JOB = { kind: SpanKind.CONSUMER, insideOnly: true } as const;

const FORMAT = /^00-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})$/;

/** Null for what is no traceparent. */
function contextOf(traceparent: string | null | undefined): Context | null {
  const [, traceId = '', spanId = '', flags = '0'] = FORMAT.exec(traceparent ?? '') ?? [];
  const traceFlags = parseInt(flags, 16) & TraceFlags.SAMPLED;
  const spanContext = { traceId, spanId, traceFlags, isRemote: true };
  return isSpanContextValid(spanContext) ? trace.setSpanContext(ROOT_CONTEXT, spanContext) : null;
}

/** What is going on here, to be stored or sent; null where nothing is traced. */
export function traceparent(): string | null {
  if (!tracer) return null;
  const now = trace.getSpanContext(context.active());
  return now ? written(now) : null;
}

const written = ({ traceId, spanId, traceFlags }: SpanContext) =>
  `00-${traceId}-${spanId}-${traceFlags.toString(16).padStart(2, '0')}`;

/** Runs `work` in a span. A refusal is an answer like any other; what is thrown marks the span as failed. */
export async function inSpan<T>(name: string, work: () => Promise<T>, options: SpanOptions = {}): Promise<T> {
  if (!tracer) return work();
  const parent = contextOf(options.parent) ?? context.active();
  if (options.insideOnly === true && !trace.getSpanContext(parent)) return work();
  const { kind = SpanKind.INTERNAL, attributes = {} } = options;
  const links = linksTo(parent);
  return tracer.startActiveSpan(name, { kind, attributes, links }, parent, async (span) => {
    try {
      return await work();
    } catch (error) {
      // The name of what went wrong and not its words: these may hold an address or a name.
      span.setStatus({ code: SpanStatusCode.ERROR, message: error instanceof Error ? error.name : 'unknown' });
      throw error;
    } finally {
      span.end();
    }
  });
}

/** A span for handing work on that belongs to this trace; answers what the work is to go on. */
export function passOn(name: string, parent: string | null): string | null {
  const known = tracer && contextOf(parent);
  if (!tracer || !known) return parent;
  const span = tracer.startSpan(name, { kind: SpanKind.PRODUCER }, known);
  span.end();
  return written(span.spanContext());
}

/** A span that goes on another trace than the one around it says which one that is. */
function linksTo(parent: Context) {
  const [here, there] = [context.active(), parent].map((each) => trace.getSpanContext(each));
  return here && here.traceId !== there?.traceId ? [{ context: here }] : [];
}
