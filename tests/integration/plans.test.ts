import { afterAll, beforeAll, expect, it } from 'vitest';
import { draftFrom } from '../../src/lib/domain/plan-draft/from-plan.ts';
import type { PlanDraft } from '../../src/lib/domain/plan-draft/draft.ts';
import { generatePlan } from '../../src/lib/domain/generate-plan.ts';
import type { Running } from '../../server/serve.ts';
import { call, startApi, type Answer } from './api-server.ts';
import { idOf, makeDesk, person, type Person } from './organizers.ts';
import { makeConfig } from './stack.ts';

/** Seating plans as versions, over HTTP: drafts, publishing, copies. */
let running: Running;
let owner: Person;
let desk: Awaited<ReturnType<typeof makeDesk>>;

beforeAll(async () => {
  running = await startApi(await makeConfig());
  owner = await person(running, 'organizer');
  desk = await makeDesk(running, owner);
});
afterAll(() => running.close());

const ask = (what: string, body?: unknown) =>
  call(running.url, what, { token: owner.token, ...(body === undefined ? {} : { body }) });
const code = ({ status, body }: Answer) => [status, body?.['code']];

it('a plan is drawn as a draft, saved, published, and cannot be changed then', async () => {
  const id = idOf(await ask('POST /plans', { venueId: desk.venueId, name: 'Attic' }));
  const opened = await ask(`GET /plans/${id}/draft`);
  expect(opened.body).toMatchObject({ version: 1, number: 1, hasPublished: false, draft: { name: 'Attic', rows: [] } });
  const refused = await ask(`POST /plans/${id}/publish`, { version: 1 });
  expect(code(refused)).toEqual([422, 'INVALID']);
  expect(refused.body?.['problems']).toMatchObject([
    { level: 'error', message: expect.stringMatching(/no place/) as string },
    {}
  ]);
  const draft: PlanDraft = { ...draftFrom(generatePlan(120)), name: 'Attic' };
  expect((await ask(`PUT /plans/${id}/draft`, { version: 1, draft })).body).toMatchObject({
    version: 2,
    capacity: 120
  });
  expect(code(await ask(`PUT /plans/${id}/draft`, { version: 1, draft }))).toEqual([409, 'CHANGED_MEANWHILE']);
  expect(code(await ask(`PUT /plans/${id}/draft`, { version: 2, draft: { ...draft, rows: 7 } }))).toEqual([
    422,
    'INVALID'
  ]);
  expect((await ask(`POST /plans/${id}/publish`, { version: 2 })).body).toMatchObject({
    published: true,
    capacity: 120
  });
  expect((await ask(`GET /plans/${id}/geometry`)).body).toEqual({ ...generatePlan(120), name: 'Attic' });
  expect(code(await ask(`PUT /plans/${id}/draft`, { version: 3, draft }))).toEqual([404, 'NOT_FOUND']);
  const names = await running.app.db.query('select 1 from plan_seat where plan_id = $1', [id]);
  expect(names.rowCount).toBe(120);
});

it('of a series there is at most one draft, and the list has it beside the newest published version', async () => {
  const first = await ask(`POST /plans/${desk.planId}/draft`);
  const [id, again] = [idOf(first), idOf(await ask(`POST /plans/${desk.planId}/draft`))];
  expect(again).toBe(id);
  expect(first.body).toMatchObject({ number: 2, published: false, capacity: 120 });
  const items = async () =>
    ((await ask('GET /plans?q=Zebrafink+plan')).body?.['items'] as { id: string }[]).map((p) => p.id);
  expect((await items()).sort()).toEqual([desk.planId, id].sort());
  expect((await ask(`PATCH /plans/${id}`, { name: 'Zebrafink plan B', version: 1 })).body).toMatchObject({
    version: 2
  });
  expect((await ask(`POST /plans/${id}/publish`, { version: 2 })).body).toMatchObject({ name: 'Zebrafink plan B' });
  expect(await items()).toEqual([id]);
  const versions = (await ask(`GET /plans/${id}/versions`)).body?.['items'];
  expect(versions).toMatchObject([
    { id, number: 2, shows: 0 },
    { id: desk.planId, number: 1, shows: 1 }
  ]);
  expect(code(await ask(`DELETE /plans/${desk.planId}`))).toEqual([409, 'HAS_SHOWS']);
  expect((await ask(`GET /shows/${desk.showId}/plan-change?plan=${id}`)).body).toMatchObject({ kept: [], lost: [] });
  const moved = await ask(`POST /shows/${desk.showId}/plan-change`, { planId: id });
  expect(moved.body).toMatchObject({ plan: { id } });
  expect((await ask(`DELETE /plans/${desk.planId}`)).status).toBe(204);
});

it('a copy is a draft of its own', async () => {
  const id = idOf(await ask('POST /plans', { venueId: desk.venueId, name: 'Cellar', generate: 120 }));
  const copy = await ask(`POST /plans/${id}/duplicate`);
  expect(copy.body).toMatchObject({ name: 'Cellar (copy)', number: 1, published: false });
  const log = await running.app.db.query("select action from audit_log where kind = 'plan' and thing_id = $1", [
    idOf(copy)
  ]);
  expect(log.rows).toEqual([{ action: 'create' }]);
});

it('100,000 seats are saved and published while the event loop stays free', async () => {
  const id = idOf(await ask('POST /plans', { venueId: desk.venueId, name: 'Stadium' }));
  const user = await running.app.accounts.identify({ sessionToken: owner.token, buyerToken: null });
  const by = running.app.desk.managerOf(user.user);
  if (!('owner' in by)) throw new Error('the owner is an organizer');
  const body = new TextEncoder().encode(JSON.stringify({ version: 1, draft: draftFrom(generatePlan(100_000)) }));
  let [longest, last] = [0, performance.now()];
  const watch = setInterval(() => {
    const now = performance.now();
    [longest, last] = [Math.max(longest, now - last), now];
  }, 1);
  const saved = await running.app.desk.plans.saveDraft(by, id, body);
  const published = await running.app.desk.plans.publish(by, id, { version: 2 });
  clearInterval(watch);
  console.log(`saving and publishing 100,000 seats: longest block ${longest.toFixed(0)} ms`);
  expect(saved).toMatchObject({ capacity: 100_000 });
  expect(published).toMatchObject({ published: true });
  expect(longest).toBeLessThan(400);
}, 90_000);
