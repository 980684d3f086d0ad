import type { Findings } from './findings.ts';
import { pretixSeat, ROWS_AT_MOST, SEATS_AT_MOST, type Point } from './format.ts';
import { readAreas, type DrawnArea } from './areas.ts';
import { add, readFields, readList, readNumber, readPosition, readText, slug, unused, type Fields } from './mend.ts';
import type { TierTable } from './tiers.ts';

/** What a file says, repaired where it had to be; positions are added up and still in pixels. */
export interface Contents {
  name: string;
  size: { width: number; height: number } | null;
  zones: ReadZone[];
  areas: DrawnArea[];
}

export interface ReadZone {
  id: string;
  name: string;
  rows: ReadRow[];
}

export interface ReadRow extends Point {
  path: string;
  label: string;
  seats: ReadSeat[];
}

export interface ReadSeat extends Point {
  id: string;
  label: string;
  tier: string;
}

type Ids = { taken: Set<string>; counters: Map<string, number> };
const newIds = (): Ids => ({ taken: new Set(), counters: new Map() });

const PROGRESS_STEP = 5000;

export class ContentsReader {
  readonly #found: Findings;
  readonly #tiers: TierTable;
  readonly #onSeats: (done: number) => void;
  readonly #guids = newIds();
  readonly #zones = newIds();
  #seats = 0;
  #rows = 0;

  constructor(found: Findings, tiers: TierTable, onSeats: (done: number) => void) {
    this.#found = found;
    this.#tiers = tiers;
    this.#onSeats = onSeats;
  }

  read(file: Fields): Contents {
    const found = this.#found;
    let name = readText(file['name'], 'name', found);
    if (name === null) found.repair('name', 'is missing', 'called “Seating plan”');
    name ??= 'Seating plan';
    const size = this.#size(file['size']);
    const zones: ReadZone[] = [];
    const areas: DrawnArea[] = [];
    for (const [n, value] of (readList(file['zones'], 'zones', found) ?? []).entries()) {
      const zone = readFields(value, `zones.${n}`, found);
      if (!zone) continue;
      const at = readPosition(zone['position'], `zones.${n}.position`, found, 'origin');
      areas.push(...readAreas(zone['areas'], `zones.${n}.areas`, at, found));
      zones.push(this.#zone(zone, n, at));
    }
    if (found.errors.length === 0 && this.#seats === 0) found.error('zones', 'there is no seat in this file');
    this.#tooMany('seats', this.#seats, SEATS_AT_MOST);
    this.#tooMany('rows', this.#rows, ROWS_AT_MOST);
    return { name, size, zones, areas };
  }

  #tooMany(what: string, count: number, most: number) {
    if (count <= most) return;
    const [has, may] = [count, most].map((number) => number.toLocaleString('en'));
    // First of all, whatever else is wrong with so large a file.
    this.#found.errors.unshift({ path: 'zones', message: `there are ${has} ${what}; a seating plan may have ${may}` });
  }

  #size(value: unknown): Contents['size'] {
    const found = this.#found;
    if (value === undefined || value === null) {
      found.repair('size', 'is missing', 'made as large as the seats need');
      return null;
    }
    const fields = readFields(value, 'size', found);
    if (!fields) return null;
    const side = (key: 'width' | 'height'): number => {
      const length = readNumber(fields[key], `size.${key}`, found);
      if (length === null || length <= 0) {
        found.repair(`size.${key}`, 'is not a length', 'made as large as the seats need');
        return 0;
      }
      if (!Number.isInteger(length)) found.repair(`size.${key}`, `${length} is not a whole number`, 'rounded up');
      return Math.ceil(length);
    };
    return { width: side('width'), height: side('height') };
  }

  #zone(zone: Fields, n: number, at: Point): ReadZone {
    const [found, path] = [this.#found, `zones.${n}`];
    const given = readText(zone['zone_id'], `${path}.zone_id`, found);
    let name = readText(zone['name'], `${path}.name`, found);
    if (name === null) {
      name = given ?? `Zone ${n + 1}`;
      found.repair(`${path}.name`, 'is missing', `called “${name}”`);
    }
    const id = unused(given ?? slug(name, `zone-${n + 1}`), this.#zones.taken, this.#zones.counters);
    if (given !== null && given !== id) {
      found.repair(`${path}.zone_id`, 'another zone has this id already', `changed to “${id}”`);
    }
    if (zone['rows'] === undefined || zone['rows'] === null) {
      found.repair(`${path}.rows`, 'is missing', 'taken as a zone without rows');
      return { id, name, rows: [] };
    }
    const rows: ReadRow[] = [];
    for (const [r, value] of (readList(zone['rows'], `${path}.rows`, found) ?? []).entries()) {
      const row = readFields(value, `${path}.rows.${r}`, found);
      if (row) rows.push(this.#row(row, { path: `${path}.rows.${r}`, zone: id, n: r, at }));
    }
    return { id, name, rows };
  }

  #row(row: Fields, { path, zone, n, at }: { path: string; zone: string; n: number; at: Point }): ReadRow {
    const found = this.#found;
    this.#rows++;
    const words = readText(row['row_label'], `${path}.row_label`, found);
    let label = readText(row['row_number'], `${path}.row_number`, found);
    if (label === null) {
      label = words ?? String(n + 1);
      found.repair(`${path}.row_number`, 'is missing', `called “${label}”`);
    } else if (words !== null && words !== label) {
      found.repair(`${path}.row_label`, 'is a second name for the row', `not kept: its name is “${label}”`);
    }
    if (readText(row['seat_label'], `${path}.seat_label`, found) !== null) {
      found.repair(`${path}.seat_label`, 'is a pattern for the names of seats', 'not kept: seats have their numbers');
    }
    const corner = add(at, readPosition(row['position'], `${path}.position`, found, 'origin'));
    const seats: ReadSeat[] = [];
    for (const [s, value] of (readList(row['seats'], `${path}.seats`, found) ?? []).entries()) {
      this.#seats++;
      if (this.#seats % PROGRESS_STEP === 0) this.#onSeats(this.#seats);
      // Beyond the limit they are only counted: the file is refused anyway.
      if (this.#seats <= SEATS_AT_MOST)
        seats.push(this.#seat(value, `${path}.seats.${s}`, `${zone}-${label}`, s, corner));
    }
    return { path, label, seats, ...corner };
  }

  /** Most seats are as they should be: they pass the schema, and only the others are looked at part by part. */
  #seat(value: unknown, path: string, row: string, n: number, corner: Point): ReadSeat {
    const found = this.#found;
    const parsed = pretixSeat.safeParse(value);
    if (parsed.success && !this.#guids.taken.has(parsed.data.seat_guid)) {
      const { seat_guid: id, seat_number: label, position, category } = parsed.data;
      this.#guids.taken.add(id);
      return { id, label, tier: this.#tiers.of(category, `${path}.category`), ...add(corner, position) };
    }
    const seat = readFields(value, path, found) ?? { position: { x: 0, y: 0 } };
    let label = readText(seat['seat_number'], `${path}.seat_number`, found);
    if (label === null) found.repair(`${path}.seat_number`, 'is missing', 'numbered by its place in the row');
    label ??= String(n + 1);
    const guid = readText(seat['seat_guid'], `${path}.seat_guid`, found);
    const id = unused(guid ?? `${row}-${label}`, this.#guids.taken, this.#guids.counters);
    if (guid === null) found.repair(`${path}.seat_guid`, 'is missing', 'made of zone, row and number');
    else if (guid !== id)
      found.repair(`${path}.seat_guid`, 'another seat has this guid already', 'made a new one of it');
    const category = readText(seat['category'], `${path}.category`, found) ?? '';
    const tier = this.#tiers.of(category, `${path}.category`);
    const own = readPosition(seat['position'], `${path}.position`, found, 'error');
    return { id, label, tier, ...add(corner, own) };
  }
}
