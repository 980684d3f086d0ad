import { describe, expect, it } from 'vitest';
import { generatePlan } from './generate-plan.ts';
import { nameSeats } from './plan.ts';
import { seatsNamed } from './seats-named.ts';

const plan = generatePlan(120);
const names = nameSeats(plan);
const [section] = plan.sections;
const [row] = plan.rows;
const [area] = plan.areas;
if (!section || !row || !area) throw new Error('the hall of 120 has a section, a row and a standing area');

describe('seats as people type them', () => {
  it('finds every seat of the house by the words on its ticket', () => {
    for (const { index } of plan.seats) {
      expect(seatsNamed(plan, names[index]?.label ?? ''), names[index]?.label).toEqual({ seats: [index], wrong: [] });
    }
  });

  it('takes ranges, lists, whole rows, whole sections and standing areas', () => {
    const at = `${section.name} ${row.label}`;
    const first = row.first;
    expect(seatsNamed(plan, `${at} 1-3, 5`).seats).toEqual([first, first + 1, first + 2, first + 4]);
    expect(seatsNamed(plan, at.toLowerCase()).seats).toHaveLength(row.count);
    expect(seatsNamed(plan, area.name).seats).toHaveLength(area.count);
    expect(seatsNamed(plan, `${section.name}; ${area.name}`).wrong).toEqual([]);
  });

  it('says which part it does not understand, and finds the others', () => {
    const typed = `${section.name} ${row.label} 1; the good ones; ${section.name} ${row.label} 999`;
    expect(seatsNamed(plan, typed)).toEqual({
      seats: [row.first],
      wrong: ['the good ones', `${section.name} ${row.label} 999`]
    });
  });
});
