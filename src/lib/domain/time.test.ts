import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { daysBetween, fromLocal, timeInWords, toLocal } from './time.ts';

const iso = (local: string, zone: string) => fromLocal(local, zone)?.toISOString() ?? null;

describe('the clock at the venue', () => {
  it('is read in its own zone, summer and winter', () => {
    expect(iso('2026-12-12T19:30', 'Europe/Berlin')).toBe('2026-12-12T18:30:00.000Z');
    expect(iso('2026-07-12T19:30', 'Europe/Berlin')).toBe('2026-07-12T17:30:00.000Z');
    expect(iso('2026-12-12T19:30', 'Asia/Kolkata')).toBe('2026-12-12T14:00:00.000Z');
    expect(iso('2026-12-12T00:15', 'America/St_Johns')).toBe('2026-12-12T03:45:00.000Z');
  });

  it('never shows the hour that is left out, and shows the hour that comes twice the first time', () => {
    expect(iso('2026-03-29T02:30', 'Europe/Berlin')).toBeNull();
    expect(iso('2026-03-29T03:00', 'Europe/Berlin')).toBe('2026-03-29T01:00:00.000Z');
    expect(iso('2026-10-25T02:30', 'Europe/Berlin')).toBe('2026-10-25T00:30:00.000Z');
    expect(iso('2026-04-05T01:45', 'Australia/Lord_Howe')).toBe('2026-04-04T14:45:00.000Z');
  });

  it.each(['', 'soon', '2026-13-01T10:00', '2026-12-12T24:30', '2026-12-12', '2026-12-12T19:30Z'])(
    'does not show %s',
    (local) => expect(iso(local, 'Europe/Berlin')).toBeNull()
  );

  it('comes back to the same minute, whatever the zone', () => {
    const zones = fc.constantFrom('Europe/Berlin', 'Asia/Kathmandu', 'America/New_York', 'Australia/Lord_Howe', 'UTC');
    const minutes = fc.integer({ min: 29_000_000, max: 32_000_000 });
    fc.assert(
      fc.property(zones, minutes, (zone, minute) => {
        const local = toLocal(minute * 60_000, zone);
        expect(toLocal(fromLocal(local, zone) ?? 0, zone)).toBe(local);
      })
    );
  });
});

describe('the days of a run', () => {
  it('are all of them, or those of some weekdays', () => {
    expect(daysBetween('2026-12-30', '2027-01-02')).toEqual(['2026-12-30', '2026-12-31', '2027-01-01', '2027-01-02']);
    expect(daysBetween('2026-12-01', '2026-12-14', [5, 6])).toEqual([
      ...['2026-12-04', '2026-12-05', '2026-12-11', '2026-12-12']
    ]);
  });

  it('are none when the end comes before the beginning or there is none', () => {
    expect(daysBetween('2026-12-02', '2026-12-01')).toEqual([]);
    expect(daysBetween('2026-12-02', 'never')).toEqual([]);
  });
});

describe('the time on a ticket', () => {
  it('names the day, the clock there and the zone in words', () => {
    const words = timeInWords('2026-12-12T14:00:00Z', 'Asia/Kolkata');
    expect(words).toBe('Saturday 12 December 2026, 19:30, India Standard Time');
    expect(timeInWords('2026-07-12T17:30:00Z', 'Europe/Berlin')).toMatch(/19:30, Central European Summer Time$/);
  });
});
