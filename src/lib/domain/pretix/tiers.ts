import type { PlanTier } from '#domain/plan.ts';
import type { Findings } from './findings.ts';
import { TIER_COLORS } from './format.ts';
import { isFields, readList, readText, slug, unused } from './mend.ts';
import type { Supplement } from './supplement.ts';

/** Categories of a file as price tiers. Unknown categories become tiers of their own. */
export class TierTable {
  readonly tiers: PlanTier[] = [];
  readonly #found: Findings;
  readonly #known: ReadonlyMap<string, PlanTier>;
  readonly #byCategory = new Map<string, string>();
  readonly #ids = new Set<string>();
  readonly #counters = new Map<string, number>();
  readonly #added = new Set<string>();

  constructor(categories: unknown, supplement: Supplement | null, found: Findings) {
    this.#found = found;
    this.#known = new Map((supplement?.tiers ?? []).map(({ category, ...tier }) => [category, tier]));
    if (categories === undefined || categories === null) {
      found.repair('categories', 'is missing', 'taken from the seats');
      return;
    }
    for (const [n, value] of (readList(categories, 'categories', found) ?? []).entries()) this.#read(value, n);
  }

  /** The tier of a seat of this category; '' is a seat without one. */
  of(category: string, path: string): string {
    const known = this.#byCategory.get(category);
    if (known !== undefined && !this.#added.has(category)) return known;
    const name = category === '' ? 'No category' : category;
    const problem = category === '' ? 'is missing' : 'is not among the categories';
    this.#found.repair(path, problem, `put in the tier “${name}”, which was added`);
    if (known !== undefined) return known;
    this.#added.add(category);
    return this.#add(category, name, null);
  }

  #read(value: unknown, n: number) {
    const path = `categories.${n}`;
    // Some editors wrote the name alone.
    const fields = typeof value === 'string' ? { name: value } : isFields(value) ? value : null;
    if (fields === null) return this.#found.error(path, 'must be an object with a name');
    const name = readText(fields['name'], `${path}.name`, this.#found);
    if (name === null) return this.#found.repair(`${path}.name`, 'is missing', 'left out');
    if (this.#byCategory.has(name)) {
      return this.#found.repair(`${path}.name`, 'is there twice', `taken as one category “${name}”`);
    }
    const color = typeof fields['color'] === 'string' ? fields['color'].toLowerCase() : null;
    this.#add(name, name, color);
  }

  #add(category: string, name: string, color: string | null): string {
    const known = this.#known.get(category);
    const id = unused(known?.id ?? slug(name, 'tier'), this.#ids, this.#counters);
    const place = TIER_COLORS.findIndex((each) => each === color);
    const ordinal = known?.ordinal ?? (place < 0 ? this.tiers.length % TIER_COLORS.length : place) + 1;
    this.tiers.push({ id, name: known?.name ?? name, ordinal });
    this.#byCategory.set(category, id);
    return id;
  }
}
