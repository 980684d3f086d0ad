import { describe, expect, it } from 'vitest';
import { createPasswords, TooManyPasswords } from './passwords.ts';

describe('passwords', () => {
  it('are kept as argon2id at no less than OWASP’s floor', async () => {
    const hash = await createPasswords().hash('correct horse');
    expect(hash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
  });

  it('fit their own hash and no other; an unknown account and one without a hash fit none', async () => {
    const passwords = createPasswords();
    const hash = await passwords.hash('correct horse');
    expect(await passwords.verify(hash, 'correct horse')).toBe(true);
    expect(await passwords.verify(hash, 'correct hors')).toBe(false);
    expect(await passwords.verify(null, 'nobody has this password')).toBe(false);
    expect(await passwords.verify('!', 'nobody has this password')).toBe(false);
    expect(await passwords.verify('', '')).toBe(false);
  });

  it('are refused when too many wait, and all that were let in are checked', async () => {
    const passwords = createPasswords();
    const hash = await passwords.hash('x');
    const answers = await Promise.allSettled(Array.from({ length: 230 }, () => passwords.verify(hash, 'x')));
    const refused = answers.filter((answer) => answer.status === 'rejected');
    expect(refused).toHaveLength(28);
    expect(refused.every(({ reason }) => reason instanceof TooManyPasswords)).toBe(true);
    expect(answers.filter((answer) => answer.status === 'fulfilled' && answer.value)).toHaveLength(202);
    expect(await passwords.verify(hash, 'x')).toBe(true);
  }, 60_000);
});
