import { unpackLayout } from '#domain/plan-layout.ts';
import { arriving } from '$lib/components/arriving.ts';
import { nextTask } from '$lib/components/next-task.ts';
import { House } from './house.ts';

/** Named by the plan too: what a browser has kept of another plan of this show is never taken for this one. */
export const layoutPath = ({ id, planId }: PlannedShow) =>
  `/shows/${id}/plan.bin${planId === undefined ? '' : `?plan=${planId}`}`;

interface PlannedShow {
  id: string;
  planId?: string;
}

export interface FetchedHouse {
  house: House;
  /** Of which plan it is: the show may have moved to another one meanwhile. */
  planId: string | null;
}

/** The house of a show, or null when it did not come; `heard` is told how many bytes are here. */
export async function fetchHouse(
  show: PlannedShow,
  prices: readonly { tier: string; price: number }[],
  heard?: (bytes: number) => void
): Promise<FetchedHouse | null> {
  const file = arriving(layoutPath(show));
  file.heard = heard ?? null;
  const arrived = await file.whole;
  if (!arrived) return null;
  return { house: await build(arrived.bytes, prices), planId: arrived.headers.get('x-plan-id') };
}

/** In steps: in one go a stadium would keep a phone from answering a finger for half a second. */
async function build(bytes: ArrayBuffer, prices: readonly { tier: string; price: number }[]): Promise<House> {
  await nextTask();
  const layout = unpackLayout(bytes);
  await nextTask();
  const house = new House(layout, prices);
  await nextTask();
  return house;
}
