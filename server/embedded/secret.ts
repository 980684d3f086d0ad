import { randomBytes } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** The demo's own secret: made once, kept with the data, and refused by production because of its first letters. */
export async function demoSecret(dataDir: string): Promise<string> {
  const file = join(dataDir, 'secret');
  const kept = await readFile(file, 'utf8').catch(() => '');
  if (kept.length > 40) return kept;
  const secret = `demo-${randomBytes(36).toString('base64url')}`;
  await writeFile(file, secret, { mode: 0o600 });
  return secret;
}
