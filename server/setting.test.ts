import { describe, expect, it } from 'vitest';
import { dataDirOf, setting } from './setting.ts';

describe('a setting', () => {
  it('that is empty is one that is not set', () => {
    expect(setting('DATABASE_URL', { DATABASE_URL: '' })).toBeUndefined();
    expect(setting('DATABASE_URL', {})).toBeUndefined();
    expect(setting('DATABASE_URL', { DATABASE_URL: 'postgres://u@h/d' })).toBe('postgres://u@h/d');
  });

  it('of the folder has its usual place also when it is empty', () => {
    expect(dataDirOf({ DATA_DIR: '' })).toBe('.data');
    expect(dataDirOf({})).toBe('.data');
    expect(dataDirOf({ DATA_DIR: '/srv/fullhouse' })).toBe('/srv/fullhouse');
  });
});
