import { context, trace } from '@opentelemetry/api';
import type { Config } from '../config.ts';
import { traceWith } from './spans.ts';

/** How many servers of this process trace: tests run several. */
let users = 0;
let flush: () => Promise<void> = () => Promise.resolve();

/**
 * Sends spans to `config.tracing`, when it is set, by OTLP over HTTP. Only then is OpenTelemetry's SDK loaded. Answers what
 * stops it, after sending what is left.
 */
export async function startTracing({ tracing }: Pick<Config, 'tracing'>): Promise<() => Promise<void>> {
  if (!tracing) return () => Promise.resolve();
  if (users++ === 0) await start(tracing);
  let stopped = false;
  return async () => {
    if (stopped) return;
    stopped = true;
    if (--users > 0) return flush();
    traceWith(null);
    await flush();
    trace.disable();
    context.disable();
  };
}

async function start({ endpoint, service, share }: NonNullable<Config['tracing']>): Promise<void> {
  const [{ AsyncLocalStorageContextManager }, { OTLPTraceExporter }, { resourceFromAttributes }, sdk] =
    await Promise.all([
      import('@opentelemetry/context-async-hooks'),
      import('@opentelemetry/exporter-trace-otlp-http'),
      import('@opentelemetry/resources'),
      import('@opentelemetry/sdk-trace-base')
    ]);
  // By the trace's id, so that every process comes to the same decision; what a visitor sends decides nothing.
  const ratio = new sdk.TraceIdRatioBasedSampler(share);
  const sampler = new sdk.ParentBasedSampler({ root: ratio, remoteParentSampled: ratio });
  const exporter = new OTLPTraceExporter({ url: `${endpoint}/v1/traces` });
  const provider = new sdk.BasicTracerProvider({
    resource: resourceFromAttributes({ 'service.name': service, 'process.pid': process.pid }),
    spanProcessors: [new sdk.BatchSpanProcessor(exporter)],
    sampler
  });
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  trace.setGlobalTracerProvider(provider);
  traceWith(provider.getTracer('fullhouse'));
  // A collector that is away must not keep a process from going down.
  flush = () => provider.forceFlush().catch(() => undefined);
}
