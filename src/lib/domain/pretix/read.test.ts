import { describe, expect, it } from 'vitest';
import { isRefusal } from '#domain/refusal.ts';
import { LETTERS_AT_MOST, SEATS_AT_MOST } from './format.ts';
import { parseJson, readPretix } from './read.ts';

type Json = Record<string, unknown>;

const seat = (n: number, more: Json = {}): Json => ({
  ...{ seat_guid: `g${n}`, seat_number: String(n), position: { x: (n - 1) * 25, y: 0 }, category: 'Stalls' },
  ...more
});
const row = (seats: unknown, more: Json = {}): Json => ({
  ...{ row_number: 'A', position: { x: 50, y: 100 }, seats },
  ...more
});
const zone = (rows: unknown, more: Json = {}): Json => ({
  ...{ name: 'Main floor', zone_id: 'main', position: { x: 25, y: 50 }, rows, areas: [] },
  ...more
});
const file = (zones: unknown, more: Json = {}): Json => ({
  ...{ name: 'Grosser Saal', categories: [{ name: 'Stalls', color: '#a86200' }], zones },
  ...{ size: { width: 500, height: 400 } },
  ...more
});
const twoSeats = [seat(1), seat(2)];

function read(json: unknown) {
  const result = readPretix(json);
  if (isRefusal(result)) throw new Error(`${result.message} ${JSON.stringify(result.details)}`);
  return result;
}
const errors = (json: unknown, supplement?: unknown) => {
  const result = readPretix(json, { supplement });
  return isRefusal(result) ? [result.code, result.details['errors']] : 'was read';
};

describe('a file as it should be', () => {
  it('becomes a plan: positions add up, and 25 pixels are one unit', () => {
    const { plan, repairs } = read(file([zone([row(twoSeats)])]));
    expect(repairs).toEqual([]);
    expect(plan).toEqual({
      ...{ name: 'Grosser Saal', capacity: 2, size: { width: 20, height: 16 } },
      ...{ focus: { x: 3.5, y: 4 }, stage: { label: 'STAGE', outline: [] } },
      tiers: [{ id: 'stalls', name: 'Stalls', ordinal: 1 }],
      sections: [{ id: 'main', name: 'Main floor' }],
      rows: [{ section: 'main', label: 'A', first: 0, count: 2 }],
      seats: [
        { index: 0, id: 'g1', label: '1', x: 3, y: 6, tier: 'stalls' },
        { index: 1, id: 'g2', label: '2', x: 4, y: 6, tier: 'stalls' }
      ],
      areas: []
    });
  });

  it.each([
    [
      'polygon',
      {
        polygon: {
          points: [
            { x: 0, y: 0 },
            { x: 100, y: 0 },
            { x: 100, y: 25 }
          ]
        }
      },
      3
    ],
    ['rectangle', { rectangle: { width: 100, height: 25 } }, 4],
    ['ellipse', { ellipse: { radius: { x: 100, y: 25 } } }, 24],
    ['circle', { circle: { radius: 25 } }, 24],
    ['text', {}, 0]
  ])('a %s with the word “Bühne” is the stage', (shape, geometry, corners) => {
    const area = { shape, ...geometry, position: { x: 100, y: 0 }, text: { text: 'Bühne', position: { x: 0, y: 0 } } };
    const { plan, repairs } = read(file([zone([row(twoSeats)], { areas: [area] })]));
    expect(repairs).toEqual([]);
    expect(plan.stage.label).toBe('Bühne');
    expect(plan.stage.outline).toHaveLength(corners);
  });

  it('a turned rectangle is turned around its position, and the focus is before its middle', () => {
    const area = { shape: 'rectangle', rotation: 90, rectangle: { width: 50, height: 100 }, text: { text: 'STAGE' } };
    const { plan } = read(file([zone([row(twoSeats)], { areas: [{ ...area, position: { x: 100, y: 0 } }] })]));
    expect(plan.stage.outline).toEqual([
      [5, 2],
      [5, 4],
      [1, 4],
      [1, 2]
    ]);
    expect(plan.focus).toEqual({ x: 3, y: 4 });
  });
});

describe('older and damaged files are repaired, and each repair is listed', () => {
  const repaired = (json: unknown) => read(json).repairs;

  it('without a size', () => {
    const { plan, repairs } = read(file([zone([row(twoSeats)])], { size: undefined }));
    expect(repairs).toEqual([{ path: 'size', problem: 'is missing', repair: 'made as large as the seats need' }]);
    expect(plan.size).toEqual({ width: 7, height: 9 });
  });

  it('with a size that is no whole number', () => {
    const { plan, repairs } = read(file([zone([row(twoSeats)])], { size: { width: 499.5, height: 400 } }));
    expect(plan.size).toEqual({ width: 20, height: 16 });
    expect(repairs).toEqual([{ path: 'size.width', problem: '499.5 is not a whole number', repair: 'rounded up' }]);
  });

  it('with a size that leaves seats outside', () => {
    const { plan, repairs } = read(file([zone([row(twoSeats)])], { size: { width: 50, height: 400 } }));
    expect(plan.size.width).toBe(7);
    expect(repairs.map(({ path }) => path)).toEqual(['size.width']);
  });

  it('with the same guid twice: the second seat gets another', () => {
    const { plan, repairs } = read(file([zone([row([seat(1), seat(2, { seat_guid: 'g1' })])])]));
    expect(plan.seats.map(({ id }) => id)).toEqual(['g1', 'g1-2']);
    expect(repairs.map(({ path }) => path)).toEqual(['zones.0.rows.0.seats.1.seat_guid']);
  });

  it('without guids: they are made of zone, row and number, and stay the same from one import to the next', () => {
    const bare = [seat(1, { seat_guid: undefined }), seat(2, { seat_guid: '' }), seat(3, { seat_guid: null })];
    const { plan, repairs } = read(file([zone([row(bare)])]));
    expect(plan.seats.map(({ id }) => id)).toEqual(['main-A-1', 'main-A-2', 'main-A-3']);
    expect(repairs).toEqual([
      { path: 'zones.0.rows.0.seats.0–2.seat_guid', problem: 'is missing', repair: 'made of zone, row and number' }
    ]);
  });

  it('with a category that is not in the list, and with none', () => {
    const seats = [seat(1, { category: 'Balcony' }), seat(2, { category: '' }), seat(3)];
    const { plan, repairs } = read(file([zone([row(seats)])]));
    expect(plan.tiers.map(({ name }) => name)).toEqual(['Stalls', 'Balcony', 'No category']);
    expect(plan.seats.map(({ tier }) => tier)).toEqual(['balcony', 'no-category', 'stalls']);
    expect(repairs.map(({ path, problem }) => `${path} ${problem}`)).toEqual([
      'zones.0.rows.0.seats.0.category is not among the categories',
      'zones.0.rows.0.seats.1.category is missing'
    ]);
  });

  it('of the first version: whole positions, no zone ids, rows without positions, areas as rectangles', () => {
    const area = { width: 100, height: 50, position: { x: 0, y: 0 }, text: 'Stage' };
    const old = row(twoSeats, { position: undefined, number_of_seats: 2, seats_spacing: 25 });
    const { plan, repairs } = read(file([zone([old], { zone_id: undefined, displayed: true, areas: [area] })]));
    expect(plan.sections).toEqual([{ id: 'main-floor', name: 'Main floor' }]);
    expect(plan.seats.map(({ x, y }) => [x, y])).toEqual([
      [1, 2],
      [2, 2]
    ]);
    expect(plan.stage.outline).toHaveLength(4);
    expect(repairs).toEqual([{ path: 'zones.0.rows.0.position', problem: 'is missing', repair: 'taken as (0, 0)' }]);
  });

  it('with numbers in the place of text, and text in the place of numbers', () => {
    const seats = [seat(1, { seat_number: 1 }), seat(2, { position: { x: '25', y: 0 } })];
    const { plan, repairs } = read(file([zone([row(seats, { row_number: 7 })])]));
    expect(plan.rows[0]?.label).toBe('7');
    expect(plan.seats.map(({ x, label }) => [x, label])).toEqual([
      [3, '1'],
      [4, '2']
    ]);
    expect(repairs.map(({ path }) => path)).toEqual([
      'zones.0.rows.0.row_number',
      'zones.0.rows.0.seats.0.seat_number',
      'zones.0.rows.0.seats.1.position.x'
    ]);
  });

  it('without names of plan, zones, rows and seats, or with zone ids twice', () => {
    const nameless = zone([row([seat(1, { seat_number: '' })], { row_number: '' })], { name: '', zone_id: undefined });
    const { plan, repairs } = read(
      file([nameless, zone([row([seat(2)])]), zone([row([seat(3)], { position: { x: 50, y: 200 } })])], {
        name: undefined
      })
    );
    expect(plan.name).toBe('Seating plan');
    expect(plan.sections.map(({ id, name }) => `${id}: ${name}`)).toEqual([
      'zone-1: Zone 1',
      'main: Main floor',
      'main-2: Main floor'
    ]);
    expect(repairs.map(({ path }) => path)).toEqual([
      'name',
      'zones.0.name',
      'zones.0.rows.0.row_number',
      'zones.0.rows.0.seats.0.seat_number',
      'zones.2.zone_id'
    ]);
  });

  it('with categories missing, nameless or twice, and more than five', () => {
    expect(repaired(file([zone([row(twoSeats)])], { categories: undefined }))[0]?.path).toBe('categories');
    const many = ['Stalls', 'Stalls', '', 'B', 'C', 'D', 'E', 'F'].map((name) => ({ name }));
    const { plan, repairs } = read(file([zone([row(twoSeats)])], { categories: many }));
    expect(plan.tiers.map(({ ordinal }) => ordinal)).toEqual([1, 2, 3, 4, 5, 1]);
    expect(repairs.map(({ path }) => path)).toEqual(['categories.1.name', 'categories.2.name', 'categories']);
  });

  it('with seats left of the drawing: everything is moved into it', () => {
    const { plan, repairs } = read(file([zone([row(twoSeats)], { position: { x: -200, y: 50 } })]));
    expect(Math.min(...plan.seats.map(({ x }) => x))).toBe(3);
    expect(repairs.map(({ path, problem }) => `${path} ${problem}`)).toEqual([
      'zones something stands left of the drawing or above it'
    ]);
  });

  it('drawn in another grid: scaled so that neighbours stand one unit apart', () => {
    const seats = [1, 2, 3].map((n) => seat(n, { position: { x: n * 60, y: 0 } }));
    const { plan, repairs } = read(file([zone([row(seats)])]));
    expect(
      plan.seats
        .map(({ x }, n) => x - (plan.seats[n - 1]?.x ?? x))
        .slice(1)
        .map((gap) => Math.round(gap * 100))
    ).toEqual([100, 100]);
    expect(repairs).toMatchObject([{ path: 'zones', repair: 'scaled' }]);
  });

  it('with drawings that a plan does not have, rows without seats, and second names', () => {
    const bar = { shape: 'circle', circle: { radius: 10 }, position: { x: 0, y: 0 }, text: { text: 'Bar' } };
    const odd = { shape: 'blob', position: { x: 0, y: 0 } };
    const rows = [row(twoSeats, { row_label: 'Row A', seat_label: 'Chair %s' }), row([])];
    expect(repaired(file([zone(rows, { areas: [bar, odd, 7] })])).map(({ path }) => path)).toEqual([
      'zones.0.areas.1.shape',
      'zones.0.areas.2',
      'zones.0.rows.0.row_label',
      'zones.0.rows.0.seat_label',
      'zones.0.areas.0',
      'zones.0.areas.1',
      'zones.0.rows.1'
    ]);
  });

  it('reports seats that overlap, stand in one place or share a name, and changes nothing about them', () => {
    const seats = [
      seat(1),
      seat(2),
      seat(3, { position: { x: 60, y: 0 } }),
      seat(4, { position: { x: 60, y: 0 }, seat_number: '3' })
    ];
    const { plan, repairs } = read(file([zone([row(seats)])]));
    expect(plan.seats.map(({ x }) => x)).toEqual([3, 4, 5.4, 5.4]);
    expect(repairs.map(({ path, problem, repair }) => `${path} ${problem}: ${repair}`)).toEqual([
      'zones.0.rows.0.seats.3 stands in the same place as another seat: left as it is',
      'zones.0.rows.0.seats.3 has the same section, row and number as another seat: left as it is'
    ]);
    const near = [seat(1), seat(2), seat(3, { position: { x: 40, y: 0 } }), seat(4, { position: { x: 65, y: 0 } })];
    expect(repaired(file([zone([row(near)])]))).toMatchObject([
      { path: 'zones.0.rows.0.seats.2', problem: 'overlaps another seat' }
    ]);
  });
});

describe('what cannot be repaired is an error with its path', () => {
  const one = (path: string, message: RegExp) => [
    'INVALID',
    [{ path, message: expect.stringMatching(message) as string }]
  ];

  it.each([
    ['a list as the file', [], '', /an object, but there is a list/],
    ['text as the file', 'zones', '', /an object, but there is text/],
    ['no zones', file(undefined), 'zones', /a list, but there is nothing/],
    ['an object in the place of a list', file({}), 'zones', /a list, but there is an object/],
    ['a list in the place of a zone', file([[]]), 'zones.0', /an object, but there is a list/],
    ['rows that are no list', file([zone({})]), 'zones.0.rows', /a list/],
    ['a row that is no object', file([zone([3])]), 'zones.0.rows.0', /an object, but there is a number/],
    ['a row without a list of seats', file([zone([row(undefined)])]), 'zones.0.rows.0.seats', /a list/],
    ['a list in the place of a seat', file([zone([row([[]])])]), 'zones.0.rows.0.seats.0', /an object/],
    [
      'a seat without a position',
      file([zone([row([seat(1, { position: undefined })])])]),
      'zones.0.rows.0.seats.0.position',
      /missing/
    ],
    ['NaN', file([zone([row([seat(1, { position: { x: NaN, y: 0 } })])])]), 'zones.0.rows.0.seats.0.position.x', /NaN/],
    ['Infinity', file([zone([row(twoSeats)], { position: { x: 0, y: Infinity } })]), 'zones.0.position.y', /Infinity/],
    [
      'a position at the end of the world',
      file([zone([row([seat(1, { position: { x: 1e300, y: 0 } })])])]),
      'zones.0.rows.0.seats.0.position.x',
      /outside of any hall/
    ],
    ['no seats', file([zone([row([])])]), 'zones', /no seat/],
    ['categories that are no list', file([zone([row(twoSeats)])], { categories: 'Stalls' }), 'categories', /a list/],
    ['a size that is a list', file([zone([row(twoSeats)])], { size: [] }), 'size', /an object/]
  ])('%s', (_what, json, path, message) => {
    expect(errors(json)).toEqual(one(path, message));
  });

  it('more seats than a plan may have', () => {
    const seats = Array.from({ length: SEATS_AT_MOST + 1 }, () => 0);
    expect(errors(file([zone([row(seats)])]))).toMatchObject([
      'INVALID',
      expect.arrayContaining([{ path: 'zones', message: 'there are 200,001 seats; a seating plan may have 200,000' }])
    ]);
  });

  it('a second file that is not ours', () => {
    expect(errors(file([zone([row(twoSeats)])]), { fullhouse: 'no' })).toMatchObject([
      'INVALID',
      expect.arrayContaining([{ path: 'supplement.fullhouse', message: expect.any(String) as string }])
    ]);
  });

  it('text that is no JSON, or holds NaN as Python writes it', () => {
    for (const text of ['', '{"zones": [', '{"x": NaN}']) {
      const parsed = parseJson(text, 'plan');
      expect(isRefusal(parsed) && parsed.details['errors']).toMatchObject([
        { path: 'plan', message: expect.stringMatching(/not well-formed JSON/) as string }
      ]);
    }
    const parsed = parseJson('{"x": NaN}');
    expect(isRefusal(parsed) && parsed.message).toMatch(/NaN and Infinity are no numbers/);
    expect(parseJson('\uFEFF{"a":1}')).toEqual({ json: { a: 1 } });
  });

  it('100 MB of text, before it is parsed', () => {
    const parsed = parseJson(`"${'x'.repeat(100 * 1024 * 1024)}"`);
    expect(LETTERS_AT_MOST).toBeLessThan(100 * 1024 * 1024);
    expect(isRefusal(parsed) && parsed.message).toMatch(/longer than 64 million letters/);
    expect(errors('x'.repeat(100 * 1024 * 1024))).toEqual(one('', /must be an object, but there is text/));
  });
});

it('a file with one guid for all its seats, all in one place, is read in good time', () => {
  const seats = Array.from({ length: 50_000 }, (_, n) => seat(n, { seat_guid: 'x', position: { x: 0, y: 0 } }));
  const start = performance.now();
  const { plan } = read(file([zone([row(seats)])]));
  expect(new Set(plan.seats.map(({ id }) => id)).size).toBe(50_000);
  expect(performance.now() - start).toBeLessThan(5000);
});
