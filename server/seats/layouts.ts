import { LRUCache } from 'lru-cache';
import type { ShowId } from '#domain/ids.ts';
import type { Plan } from '#domain/plan.ts';
import { readPlanId, readPlanText } from '../catalog/plans.ts';
import type { Sql } from '../db/database.ts';
import { layOut, type Layout } from './layout.ts';

/** The layouts of the plans in use on this node. Made once for each plan: reading 100,000 seats is felt. */
export interface Layouts {
  /** `epoch` is that of the map the layout is wanted for. Null when the show or its plan does not exist. */
  of(show: ShowId, epoch: number): Promise<Layout | null>;
  /** The same if it is here already. */
  known(show: ShowId, epoch: number): Layout | undefined;
}

const PLANS_KEPT = 16;
const SHOWS_KEPT = 1000;

export function createLayouts(sql: Sql): Layouts {
  const layouts = new LRUCache<string, Layout>({ max: PLANS_KEPT });
  // A show gets another plan only with another map, and that has another epoch.
  const planOf = new LRUCache<ShowId, { epoch: number; planId: string }>({ max: SHOWS_KEPT });
  /** What is being read, by plan and by show: many ask at once when a sale opens. */
  const loading = new Map<string, Promise<Layout | null>>();

  async function load(planId: string): Promise<Layout | null> {
    const text = await readPlanText(sql, planId);
    if (text === null) return null;
    // Written by us and checked when it was published.
    const layout = layOut(JSON.parse(text) as Plan);
    layouts.set(planId, layout);
    return layout;
  }

  function once(key: string, read: () => Promise<Layout | null>): Promise<Layout | null> {
    let work = loading.get(key);
    if (!work) {
      work = read().finally(() => loading.delete(key));
      loading.set(key, work);
    }
    return work;
  }

  const known = (show: ShowId, epoch: number) => {
    const plan = planOf.get(show);
    return plan?.epoch === epoch ? layouts.get(plan.planId) : undefined;
  };

  return {
    known,
    of: async (show, epoch) =>
      known(show, epoch) ??
      once(`show ${show} ${epoch}`, async () => {
        const planId = await readPlanId(sql, show);
        if (planId === null) return null;
        planOf.set(show, { epoch, planId });
        return layouts.get(planId) ?? once(`plan ${planId}`, () => load(planId));
      })
  };
}
