import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { z } from 'zod';
import { belowFloors } from './floors.ts';
import { installed, notAllowed } from './licences.ts';

/**
 * What we depend on, looked at by `npm test`: nothing below the advisories' floors, nothing under a licence that we cannot
 * keep, a bill of materials (test-results/sbom.cdx.json, CycloneDX), and what the registry knows of advisories today,
 * where it can be asked.
 */
const ROOT = resolve(import.meta.dirname, '../..');
const RESULTS = join(ROOT, 'test-results');
const problems: string[] = [];

const lock = JSON.parse(readFileSync(join(ROOT, 'package-lock.json'), 'utf8')) as unknown;
problems.push(...belowFloors(lock));

const packages = installed(join(ROOT, 'node_modules'));
problems.push(...notAllowed(packages));

const bill = z.object({
  bomFormat: z.literal('CycloneDX'),
  components: z.array(z.object({ name: z.string(), version: z.string() })).min(1)
});
mkdirSync(RESULTS, { recursive: true });
const text = execFileSync('npm', ['sbom', '--sbom-format', 'cyclonedx', '--package-lock-only'], {
  ...{ cwd: ROOT, encoding: 'utf8', maxBuffer: 2 ** 28, stdio: ['ignore', 'pipe', 'ignore'] }
});
const { components } = bill.parse(JSON.parse(text));
for (const name of ['socket.io', 'pg', '@sveltejs/kit']) {
  if (!components.some((one) => one.name === name)) problems.push(`the bill of materials lacks ${name}`);
}
writeFileSync(join(RESULTS, 'sbom.cdx.json'), text);

/** What `npm audit --json` says; null where the registry would not be asked. */
const report = z.object({
  metadata: z.object({ vulnerabilities: z.object({ high: z.number(), critical: z.number() }) }),
  vulnerabilities: z.record(z.string(), z.object({ severity: z.string(), range: z.string().optional() }))
});
// Everything: a package that was marked as one for development would be passed over with --omit=dev.
const audit = spawnSync('npm', ['audit', '--json'], { cwd: ROOT, encoding: 'utf8', timeout: 60_000 });
const answer = report.safeParse(parsed(audit.stdout));
if (answer.success) {
  const { metadata, vulnerabilities } = answer.data;
  const { high, critical } = metadata.vulnerabilities;
  console.log(`npm audit: ${critical} critical, ${high} high`);
  for (const [name, { severity, range }] of Object.entries(vulnerabilities)) {
    if (severity === 'high' || severity === 'critical')
      problems.push(`npm audit: ${name} ${range ?? ''} is ${severity}`);
  }
} else {
  const why = /\b(E?\d{3}|E[A-Z]+)\b[^\n]*/.exec(`${audit.stderr} ${audit.stdout}`)?.[0] ?? 'no answer';
  console.log(`npm audit could not run (${why.slice(0, 120)}): only the floors were looked at`);
}

console.log(`${packages.length} packages, ${components.length} in the bill of materials, ${problems.length} problems`);
for (const problem of problems) console.log(`✗ ${problem}`);
process.exit(problems.length > 0 ? 1 : 0);

function parsed(json: string): unknown {
  try {
    return JSON.parse(json) as unknown;
  } catch {
    return null;
  }
}
