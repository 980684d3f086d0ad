import { expect, test } from 'vitest';
import { generatePlan } from '#domain/generate-plan.ts';
import { layOut } from '#domain/plan-layout.ts';
import { House } from './house.ts';
import { leapTo, nextSeat } from './next-seat.ts';
import { SeatGrid } from './seat-grid.ts';

const plan = generatePlan(1350);
const house = new House(layOut(plan), []);
const grid = new SeatGrid(house.xs, house.ys, house.plan.size);
const nameOf = (seat: number | null) => (seat === null ? null : house.name(seat).label);
const [stalls, balcony] = [house.blocks[0], house.blocks.at(-1)];
const middle = Math.floor((stalls?.rows[2]?.first ?? 0) + (stalls?.rows[2]?.count ?? 0) / 2);

test('left and right go along the row, up and down to the row before and behind', () => {
  expect(nextSeat(house, grid, middle, 'ArrowRight')).toBe(middle + 1);
  expect(nextSeat(house, grid, middle, 'ArrowLeft')).toBe(middle - 1);
  const behind = nextSeat(house, grid, middle, 'ArrowDown');
  expect(house.row(behind ?? 0)).toBe(stalls?.rows[3]);
  expect(nextSeat(house, grid, behind ?? 0, 'ArrowUp')).toBe(middle);
});

test('arrows reach every seat of the house', () => {
  const reached = new Set([middle]);
  for (const seat of reached) {
    for (const arrow of ['ArrowLeft', 'ArrowRight', 'ArrowUp', 'ArrowDown'] as const) {
      const next = nextSeat(house, grid, seat, arrow);
      if (next !== null) reached.add(next);
    }
  }
  expect(reached.size).toBe(plan.seats.length);
});

test('Home and End go to the ends of the row, Page Up and Page Down to other sections', () => {
  const row = stalls?.rows[2];
  expect(leapTo(house, middle, 'Home')).toBe(row?.first);
  expect(leapTo(house, middle, 'End')).toBe((row?.first ?? 0) + (row?.count ?? 0) - 1);
  const next = leapTo(house, middle, 'PageDown');
  expect(nameOf(next)?.startsWith(house.blocks[1]?.name ?? '?')).toBe(true);
  expect(house.block(leapTo(house, next ?? 0, 'PageUp') ?? 0)).toBe(stalls);
  expect(leapTo(house, middle, 'PageUp')).toBeNull();
  expect(leapTo(house, balcony?.rows[0]?.first ?? 0, 'PageDown')).toBeNull();
});

test('a house without the plan’s own seats still knows them by their names', () => {
  const all = [...house.seats()];
  expect(all).toHaveLength(plan.seats.length);
  expect(all.every(({ index, label }, n) => plan.seats[n]?.index === index && plan.seats[n].label === label)).toBe(
    true
  );
  for (const { index, label } of plan.seats.slice(0, 50)) expect(house.seat(index)?.label).toBe(label);
});
