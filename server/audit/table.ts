import type { AuditReport, Checked } from './audit.ts';

const EVIDENCE_ROWS = 10;

/** For a terminal: one line a check, and under a broken one the rows that prove it. */
export function auditTable({ ok, shows, acks, checks }: AuditReport): string {
  const wide = (of: (check: Checked) => string) => Math.max(...checks.map((check) => of(check).length));
  const [invariants, names] = [wide(({ invariant }) => invariant), wide(({ name }) => name)];
  const lines = checks.flatMap((check) => {
    const { invariant, name, says, findings } = check;
    const verdict = findings.length === 0 ? 'ok    ' : 'BROKEN';
    return [`${verdict}  ${invariant.padEnd(invariants)}  ${name.padEnd(names)}  ${says}`, ...evidenceOf(check)];
  });
  const broken = checks.filter(({ findings }) => findings.length > 0).length;
  const compared = acks > 0 ? `, ${acks} acknowledgements compared` : '';
  const verdict = ok ? 'Nothing is broken' : `${broken} of ${checks.length} checks are BROKEN`;
  return [...lines, '', `${verdict} (${checks.length} checks, ${shows} live shows${compared}).`].join('\n');
}

function evidenceOf({ findings }: Checked): string[] {
  const shown = findings.slice(0, EVIDENCE_ROWS).map(({ evidence }) => `          ${JSON.stringify(evidence)}`);
  const more = findings.length - shown.length;
  return more > 0 ? [...shown, `          … and ${more} more`] : shown;
}
