import { afterAll, beforeAll, expect, it } from 'vitest';
import type { PlanDraft } from '../../src/lib/domain/plan-draft/draft.ts';
import type { Running } from '../../server/serve.ts';
import { call, startApi } from './api-server.ts';
import { makeDesk, person, type Person } from './organizers.ts';
import { bookInPostgres } from './shows.ts';
import { makeConfig } from './stack.ts';

/** The page that moves a show to another version of its seating plan, as it works without JavaScript. */
let running: Running;
let otto: Person;
let desk: Awaited<ReturnType<typeof makeDesk>>;
let path: string;

beforeAll(async () => {
  running = await startApi(await makeConfig());
  otto = await person(running, 'organizer');
  desk = await makeDesk(running, otto);
  path = `/admin/shows/${desk.showId}/plan`;
});
afterAll(() => running.close());

const ask = (what: string, body?: unknown) =>
  call(running.url, what, { token: otto.token, ...(body === undefined ? {} : { body }) });
const planNow = async () => ((await ask(`GET /shows/${desk.showId}`)).body as { planId: string }).planId;

async function page(query = '', form?: Record<string, string>) {
  const answer = await fetch(`${running.url}${path}${query}`, {
    headers: { accept: 'text/html', origin: running.url, cookie: `fullhouse_session=${otto.token}` },
    ...(form ? { method: 'POST', body: new URLSearchParams(form) } : {})
  });
  const text = (await answer.text()).replaceAll(/<script[\s\S]*?<\/script>|<!--.*?-->/g, '');
  return { status: answer.status, html: text, text: text.replaceAll(/<[^>]*>/g, ' ').replaceAll(/\s+/g, ' ') };
}

/** The next version, published, with what `change` did to its draft. */
async function publish(change: (draft: PlanDraft) => void): Promise<string> {
  const id = String((await ask(`POST /plans/${desk.planId}/draft`)).body?.['id']);
  const { version, draft } = (await ask(`GET /plans/${id}/draft`)).body as { version: number; draft: PlanDraft };
  change(draft);
  const saved = await ask(`PUT /plans/${id}/draft`, { version, draft });
  const published = await ask(`POST /plans/${id}/publish`, { version: saved.body?.['version'] });
  expect(published.body).toMatchObject({ published: true });
  return id;
}
const rowWith = (draft: PlanDraft) => draft.rows.find(({ seats }) => seats.length > 2);

it('shows what would be different, asks for what is missing, moves the show, and tells the second of two people', async () => {
  expect((await page()).text).toContain('There is only the version that the show has.');

  const boxes = await publish((draft) => {
    draft.tiers.push({ id: 'box', name: 'Box', ordinal: 4 });
    const [first] = rowWith(draft)?.seats ?? [];
    if (first) first.tier = 'box';
    rowWith(draft)?.seats.splice(1, 1);
  });
  const narrow = await publish((draft) => rowWith(draft)?.seats.splice(0, 1));

  const listed = await page();
  expect(listed.text).toMatch(/Version 3 .* Version 2 .* Version 1 .* the show has it/);
  expect(listed.html).toContain(`?to=${boxes}#change`);
  const compared = await page(`?to=${boxes}`);
  expect(compared.text).toContain('From version 1 to version 2');
  expect(compared.text).toContain('120 places now, 119 places then.');
  expect(compared.text).toMatch(/1 place gone \S+.*1 place in another tier .*→ Box\)/);
  expect(compared.html).toContain('name="price-box"');

  // Somebody has booked the seat that the narrow version has no more.
  const { rows } = await running.app.db.query<{ seat_index: number; label: string }>(
    `select seat_index, label from plan_seat where plan_id = $1 and tier <> 'standing' order by seat_index limit 1`,
    [desk.planId]
  );
  const [seat] = rows;
  await bookInPostgres(running.app.db, { ...desk, id: desk.showId, organizerId: otto.id }, [seat?.seat_index ?? -1]);
  const refused = await page(`?to=${narrow}`);
  expect(refused.text).toContain('The show cannot be moved to this version: a booked seat would be lost');
  expect(refused.text).toContain(seat?.label);
  expect(refused.html).not.toContain('?/move');
  const forced = await page(`?/move&to=${narrow}`, { from: desk.planId, to: narrow });
  expect(forced.status).toBe(409);
  expect(forced.text).toContain(`A booked seat would be lost or get another name: ${seat?.label}.`);

  const unpriced = await page(`?/move&to=${boxes}`, { from: desk.planId, to: boxes, 'price-box': 'a lot' });
  expect(unpriced.text).toContain('Price of Box is not an amount of EUR');
  expect(unpriced.html).toContain('value="a lot"');
  expect(await planNow()).toBe(desk.planId);

  const moved = await page(`?/move&to=${boxes}`, { from: desk.planId, to: boxes, 'price-box': '99' });
  expect(moved.text).toContain('The show has the new version.');
  expect(await planNow()).toBe(boxes);
  expect((await ask(`GET /shows/${desk.showId}`)).text).toContain('"tier":"box","name":"Box","ordinal":4,"price":9900');

  for (const to of [boxes, narrow]) {
    const late = await page(`?/move&to=${to}`, { from: desk.planId, to });
    expect(late.status).toBe(409);
    expect(late.text).toContain('Somebody else has moved the show to another version since you looked.');
  }
  expect(await planNow()).toBe(boxes);
  expect((await page('?to=somethingelse')).text).toContain('That is no other version of this plan');
});
