import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse, parseAllDocuments } from 'yaml';
import { createMetrics } from '../../server/metrics.ts';

/**
 * The files under .deploy/: what can be said of them without Prometheus, Grafana or a cluster. PromQL is not parsed here;
 * promtool and kustomize were run on them by hand (see the README).
 */
const read = (file: string) => readFileSync(resolve('.deploy', file), 'utf8');

interface Rule {
  alert: string;
  expr: string;
  for?: string;
  labels: { severity: string };
  annotations: { summary: string; description: string };
}
const { groups } = parse(read('prometheus/alerts.yml')) as { groups: { name: string; rules: Rule[] }[] };
const rules = groups.flatMap((group) => group.rules);

interface Panel {
  id: number;
  type: string;
  title: string;
  gridPos: { h: number; w: number; x: number; y: number };
  targets?: { expr: string }[];
}
const dashboard = JSON.parse(read('grafana/dashboards/fullhouse.json')) as { uid: string; panels: Panel[] };
const expressions = [
  ...rules.map(({ expr }) => expr),
  ...dashboard.panels.flatMap(({ targets = [] }) => targets.map(({ expr }) => expr))
];

/** What a process exports: what its metrics are made with, and what is measured when somebody asks. */
async function exportedNames(): Promise<Set<string>> {
  const { body } = await createMetrics().text();
  const names = new Set([...body.matchAll(/^# TYPE (\S+) (\S+)$/gm)].map(([, name = '']) => name));
  for (const name of [...names]) for (const part of ['bucket', 'count', 'sum']) names.add(`${name}_${part}`);
  for (const file of ['metrics/measures.ts', 'seat-log/seat-log.ts'])
    for (const [, name = ''] of readFileSync(resolve('server', file), 'utf8').matchAll(/measured\(\s*'(\w+)'/g))
      names.add(name);
  return names.add('up');
}
const metricsIn = (expr: string) =>
  [...expr.replaceAll(/\{[^}]*\}|\b(by|without) \([^)]*\)|\$\w+/g, '').matchAll(/[a-z_][a-z0-9_]{2,}/gi)]
    .map(([name]) => name)
    .filter((name) => !/^(sum|max|min|avg|rate|increase|offset|histogram_quantile|by|and|or)$/.test(name));

describe('alerts and dashboard', () => {
  it('ask for nothing that the service does not export', async () => {
    const names = await exportedNames();
    const wanted = new Set(expressions.flatMap(metricsIn));
    expect(wanted.size).toBeGreaterThan(30);
    expect([...wanted].filter((name) => !names.has(name))).toEqual([]);
  });

  it('show every figure that is counted', async () => {
    const shown = new Set(expressions.flatMap(metricsIn).map((name) => name.replace(/_(bucket|count|sum)$/, '')));
    const ours = [...(await exportedNames())].filter(
      (name) => /^fullhouse_/.test(name) && !/_(bucket|count|sum)$/.test(name)
    );
    expect(ours.filter((name) => !shown.has(name))).toEqual([]);
  });

  it('have balanced brackets and quotes', () => {
    for (const expr of expressions) {
      for (const [open, close] of ['()', '{}', '[]'])
        expect(expr.split(open ?? '').length, expr).toBe(expr.split(close ?? '').length);
      expect(expr.split('"').length % 2, expr).toBe(1);
    }
  });

  it('say, each alert, how bad it is, what it means and where to look', () => {
    expect(new Set(rules.map(({ alert }) => alert)).size).toBe(rules.length);
    for (const { labels, annotations, for: wait = '0s' } of rules) {
      expect(['warning', 'critical']).toContain(labels.severity);
      expect(annotations.summary.length).toBeGreaterThan(10);
      expect(annotations.description.length).toBeGreaterThan(20);
      expect(wait).toMatch(/^\d+[smh]$/);
    }
  });

  it('draw no panel over another', () => {
    const taken = new Map<string, string>();
    for (const { title, gridPos } of dashboard.panels)
      for (let x = gridPos.x; x < gridPos.x + gridPos.w; x++)
        for (let y = gridPos.y; y < gridPos.y + gridPos.h; y++) {
          expect(taken.get(`${x},${y}`), title).toBeUndefined();
          taken.set(`${x},${y}`, title);
        }
    expect(new Set(dashboard.panels.map(({ id }) => id)).size).toBe(dashboard.panels.length);
  });
});

type Thing = Record<string, never> & { kind: string; apiVersion: string; metadata: { name: string } };
interface Container {
  command?: string[];
  envFrom: { configMapRef?: { name: string }; secretRef?: { name: string } }[];
  ports?: { name: string; containerPort: number }[];
  securityContext: object;
  livenessProbe?: { httpGet: { path: string; port: string } };
  readinessProbe?: { httpGet: { path: string; port: string } };
}
interface Workload {
  kind: string;
  metadata: { name: string };
  spec: {
    selector?: { matchLabels: Record<string, string> };
    template: {
      metadata: { labels: Record<string, string> };
      spec: { terminationGracePeriodSeconds?: number; containers: Container[] };
    };
  };
}

describe('the Kustomize base', () => {
  const kustomization = parse(read('kubernetes/kustomization.yaml')) as { resources: string[] };
  const things = kustomization.resources.flatMap((file) =>
    parseAllDocuments(read(`kubernetes/${file}`)).map((document) => document.toJS() as Thing)
  );
  const workloads = things.filter(({ kind }) => kind === 'Deployment' || kind === 'Job') as unknown as Workload[];
  const named = (kind: string, name: string) =>
    things.find((each) => each.kind === kind && each.metadata.name === name);

  it('has every file in it but the example of a Secret', () => {
    const files = readdirSync(resolve('.deploy/kubernetes')).filter((file) => file !== 'kustomization.yaml');
    expect([...kustomization.resources, 'secret.example.yaml'].sort()).toEqual(files.sort());
    expect(things.map(({ kind, metadata }) => `${kind} ${metadata.name}`).sort()).toEqual([
      ...['ConfigMap fullhouse', 'Deployment app', 'Deployment worker', 'HorizontalPodAutoscaler app', 'Ingress app'],
      ...['Job migrate', 'Namespace fullhouse', 'PodDisruptionBudget app', 'Service app']
    ]);
  });

  it('starts files that there are, as nobody special, with the settings that there are', () => {
    const config = named('ConfigMap', 'fullhouse') as unknown as { data: Record<string, string> };
    const secret = parse(read('kubernetes/secret.example.yaml')) as { stringData: Record<string, string> };
    const known = new Set(
      [...readFileSync('.env.example', 'utf8').matchAll(/^([A-Z0-9_]+)=/gm)].map(([, name]) => name)
    );
    for (const name of [...Object.keys(config.data), ...Object.keys(secret.stringData)]) expect(known).toContain(name);
    for (const { spec } of workloads)
      for (const { command, envFrom, securityContext } of spec.template.spec.containers) {
        expect(existsSync(command?.[1] ?? 'server/main.ts')).toBe(true);
        expect(envFrom).toEqual([{ configMapRef: { name: 'fullhouse' } }, { secretRef: { name: 'fullhouse' } }]);
        expect(securityContext).toMatchObject({ allowPrivilegeEscalation: false, readOnlyRootFilesystem: true });
      }
  });

  it('asks at the port where each answers, and gives a node as long as it needs to drain', () => {
    const { data } = named('ConfigMap', 'fullhouse') as unknown as { data: Record<string, string> };
    for (const { metadata, spec } of workloads.filter(({ kind }) => kind === 'Deployment')) {
      const [container] = spec.template.spec.containers;
      const [port] = container?.ports ?? [];
      expect(String(port?.containerPort)).toBe(metadata.name === 'app' ? data['PORT'] : data['WORKER_PORT']);
      expect(container?.livenessProbe?.httpGet).toEqual({ path: '/livez', port: port?.name });
      expect(container?.readinessProbe?.httpGet).toEqual({ path: '/readyz', port: port?.name });
      expect(spec.template.metadata.labels).toMatchObject(spec.selector?.matchLabels ?? { missing: '' });
    }
    const app = workloads.find(({ metadata }) => metadata.name === 'app');
    const drains = (Number(data['DRAIN_WAIT_MS']) + Number(data['DRAIN_SOCKETS_MS'])) / 1000 + 25;
    expect(app?.spec.template.spec.terminationGracePeriodSeconds).toBeGreaterThanOrEqual(drains);
  });
});
