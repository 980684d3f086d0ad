import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { generatePlan } from '../../src/lib/domain/generate-plan.ts';
import { compilePlan } from '../../src/lib/domain/plan-draft/compile.ts';
import type { PlanDraft } from '../../src/lib/domain/plan-draft/draft.ts';
import type { Plan } from '../../src/lib/domain/plan.ts';
import { writePretix } from '../../src/lib/domain/pretix/write.ts';
import { isRefusal } from '../../src/lib/domain/refusal.ts';
import type { Running } from '../../server/serve.ts';
import { newId } from '../../server/ids.ts';
import { call, startApi, type Answer } from './api-server.ts';
import { makeConfig } from './stack.ts';

/** Seating plans as files of pretix, over HTTP. */
let running: Running;
let owner: { token: string; id: string };
let venueId: string;

beforeAll(async () => {
  running = await startApi(await makeConfig());
  owner = await signUp('organizer');
  venueId = await makeVenue(owner.id);
});
afterAll(() => running.close());

const ask = (what: string, given: Parameters<typeof call>[2] = {}) => call(running.url, what, given);
const problem = (answer: Answer) => [answer.status, answer.body?.['code']];

async function signUp(role: string): Promise<{ token: string; id: string }> {
  const body = { email: `${randomUUID()}@api.example`, password: 'a long enough password', name: 'Ada' };
  const answer = await ask('POST /auth/signup', { body });
  const user = answer.body?.['user'] as { id: string };
  await running.app.db.query('update app_user set role = $2 where id = $1', [user.id, role]);
  return { token: String(answer.body?.['token']), id: user.id };
}

async function makeVenue(organizer: string): Promise<string> {
  const id = newId();
  await running.app.db.query(
    `insert into venue (id, organizer_id, slug, name, city, country, time_zone)
     values ($1, $2, $1, 'Hall', 'Berlin', 'DE', 'Europe/Berlin')`,
    [id, organizer]
  );
  return id;
}

const send = (body: unknown, more = '', token = owner.token) =>
  ask(`POST /plans/import?format=pretix&venueId=${venueId}${more}`, { token, body });
const planOf = (answer: Answer) => answer.body?.['plan'] as { id: string; capacity: number; published: boolean };

async function stored(id: string) {
  const found = await running.app.db.query<{ geometry: Plan; organizer_id: string; published: boolean }>(
    'select geometry, organizer_id, published_at is not null as published from seating_plan where id = $1',
    [id]
  );
  return found.rows[0];
}

describe('import', () => {
  it('stores the plan with a name for every place, as a draft, and lists what was repaired', async () => {
    const { pretix, supplement } = writePretix(generatePlan(120));
    const { size: _size, ...sizeless } = pretix;
    const answer = await send({ plan: sizeless, supplement });
    expect(answer.status).toBe(201);
    expect(answer.body).toMatchObject({
      plan: { capacity: 120, seats: 90, name: 'Club', published: false, venueId },
      repairs: [{ path: 'size', problem: 'is missing', repair: expect.any(String) as string }]
    });
    const { id } = planOf(answer);
    expect(await stored(id)).toMatchObject({ organizer_id: owner.id, published: false });
    // Names are made when it is published: until then the places may change.
    expect((await running.app.db.query('select 1 from plan_seat where plan_id = $1', [id])).rowCount).toBe(0);
    const draft = await ask(`GET /plans/${id}/draft`, { token: owner.token });
    expect(draft.body).toMatchObject({ planId: id, version: 1, hasPublished: false });
    expect(compilePlan(draft.body?.['draft'] as PlanDraft).seats).toEqual(generatePlan(120).seats);
    expect(await running.app.catalog.plan(id)).toBeNull();
  });

  it('publishes when asked to', async () => {
    const answer = await send(writePretix(generatePlan(120)).pretix, '&publish=true');
    expect(planOf(answer)).toMatchObject({ published: true, capacity: 90 });
    expect(await running.app.catalog.plan(planOf(answer).id)).toMatchObject({ capacity: 90 });
  });

  it('answers 422 with the path of each error, and stores nothing', async () => {
    const before = await running.app.db.query('select 1 from seating_plan');
    const answer = await send({
      name: 'x',
      categories: [],
      zones: [{ position: { x: 0, y: 0 }, rows: [{ seats: {} }] }]
    });
    expect(problem(answer)).toEqual([422, 'INVALID']);
    expect(answer.body?.['errors']).toEqual([
      { path: 'zones.0.rows.0.seats', message: 'must be a list, but there is an object' }
    ]);
    const broken = await fetch(`${running.url}/api/v1/plans/import?venueId=${venueId}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${owner.token}`, 'content-type': 'application/json' },
      body: '{"zones": ['
    });
    expect(broken.status).toBe(422);
    expect(await broken.json()).toMatchObject({
      errors: [{ message: expect.stringMatching(/well-formed/) as string }]
    });
    expect((await running.app.db.query('select 1 from seating_plan')).rowCount).toBe(before.rowCount);
  });

  it('is for organizers, with a venue of their own', async () => {
    const file = writePretix(generatePlan(120)).pretix;
    expect(problem(await send(file, '', ''))).toEqual([401, 'UNAUTHENTICATED']);
    expect(problem(await send(file, '', (await signUp('customer')).token))).toEqual([403, 'FORBIDDEN']);
    expect(problem(await send(file, '', (await signUp('organizer')).token))).toEqual([404, 'NOT_FOUND']);
    expect(problem(await ask('POST /plans/import', { token: owner.token, body: file }))).toEqual([422, 'INVALID']);
    const admin = await signUp('admin');
    const byAdmin = await send(file, '', admin.token);
    expect(await stored(planOf(byAdmin).id)).toMatchObject({ organizer_id: owner.id });
  });

  it('bodies of more than 1 MB are for this route and its callers alone', async () => {
    const large = { name: 'x'.repeat(1_100_000) };
    expect(problem(await ask('POST /holds/none', { token: owner.token, body: large }))).toEqual([413, 'TOO_LARGE']);
    expect(problem(await send(large, '', (await signUp('customer')).token))).toEqual([413, 'TOO_LARGE']);
    expect(problem(await send({ ...large, zones: [] }))).toEqual([422, 'INVALID']);
    expect(problem(await send({ name: 'x'.repeat(71 * 1024 * 1024) }))).toEqual([413, 'TOO_LARGE']);
  });

  it('a body that does not say how large it is is counted', async () => {
    const chunk = new TextEncoder().encode(' '.repeat(600_000));
    const chunks = [chunk, chunk];
    const body = new ReadableStream<Uint8Array>({
      pull(controller) {
        const next = chunks.pop();
        if (next) controller.enqueue(next);
        else controller.close();
      }
    });
    const response = await fetch(`${running.url}/api/v1/auth/login`, {
      ...{ method: 'POST', headers: { 'content-type': 'application/json' }, body },
      ...({ duplex: 'half' } as RequestInit)
    });
    expect([response.status, await response.json()]).toMatchObject([413, { code: 'TOO_LARGE' }]);
  });

  it('100,000 places in seconds, with progress, and the event loop stays free', async () => {
    const plan = generatePlan(100_000);
    const file = new TextEncoder().encode(JSON.stringify(writePretix(plan).pretix));
    const supplement = new TextEncoder().encode(JSON.stringify(writePretix(plan).supplement));
    const user = await running.app.accounts.identify({ sessionToken: owner.token, buyerToken: null });
    const by = running.app.desk.managerOf(user.user);
    if (isRefusal(by)) throw new Error('the owner is an organizer');
    const shares: number[] = [];
    let [longest, last] = [0, performance.now()];
    const watch = setInterval(() => {
      const now = performance.now();
      [longest, last] = [Math.max(longest, now - last), now];
    }, 1);
    const start = performance.now();
    const wanted = { venueId, file, supplement, publish: false };
    const imported = await running.app.desk.planFiles.import(by, wanted, (share) => shares.push(share));
    const seconds = (performance.now() - start) / 1000;
    clearInterval(watch);
    console.log(`100,000 places: ${seconds.toFixed(1)} s, longest block ${longest.toFixed(0)} ms`);
    expect(imported).toMatchObject({ plan: { capacity: 100_000 }, repairs: [] });
    expect(seconds).toBeLessThan(30);
    expect(longest).toBeLessThan(400);
    // One for every 5000 seats that were read: a draft is stored in one step.
    expect(shares.length).toBeGreaterThan(15);
    expect(shares).toEqual([...shares].sort((a, b) => a - b));
    expect(shares.at(-1)).toBe(1);
  }, 90_000);
});

describe('export', () => {
  it('gives two files that import takes back: the plan is the same again', async () => {
    const plan = generatePlan(1350);
    const first = planOf(await send({ plan: writePretix(plan).pretix, supplement: writePretix(plan).supplement })).id;
    const file = await ask(`GET /plans/${first}/export?format=pretix`, { token: owner.token });
    const second = await ask(`GET /plans/${first}/export?format=pretix&part=supplement`, { token: owner.token });
    expect(file.headers.get('content-disposition')).toBe(`attachment; filename="${first}.pretix.json"`);
    expect(file.body?.['supplement']).toBeUndefined();
    const again = planOf(await send({ plan: file.body, supplement: second.body })).id;
    expect(again).not.toBe(first);
    const draft = await ask(`GET /plans/${again}/draft`, { token: owner.token });
    expect(compilePlan(draft.body?.['draft'] as PlanDraft)).toEqual(plan);
  });

  it('is for the owner and admins: for others there is no such plan', async () => {
    const { id } = planOf(await send(writePretix(generatePlan(120)).pretix));
    const get = async (token: string) => problem(await ask(`GET /plans/${id}/export?format=pretix`, { token }));
    expect(await get((await signUp('organizer')).token)).toEqual([404, 'NOT_FOUND']);
    expect(await get((await signUp('customer')).token)).toEqual([403, 'FORBIDDEN']);
    expect((await get((await signUp('admin')).token))[0]).toBe(200);
    expect(problem(await ask(`GET /plans/${id}/export?format=xml`, { token: owner.token }))).toEqual([422, 'INVALID']);
    expect(problem(await ask('GET /plans/zzzzzzzzzzzz/export', { token: owner.token }))).toEqual([404, 'NOT_FOUND']);
  });
});

describe('the page', () => {
  const post = async (files: Record<string, string>, token = owner.token) => {
    const body = new FormData();
    body.set('venue', venueId);
    for (const [name, text] of Object.entries(files)) body.set(name, new File([text], `${name}.json`));
    return fetch(`${running.url}/admin/plans/import`, {
      ...{
        method: 'POST',
        body,
        headers: { cookie: `fullhouse_session=${token}`, origin: running.url, accept: 'text/html' }
      }
    });
  };

  it('takes both files without JavaScript, and shows what was repaired', async () => {
    const { pretix, supplement } = writePretix(generatePlan(120));
    const plan = JSON.stringify({ ...pretix, name: 'By the form', size: undefined });
    const page = await post({ plan, supplement: JSON.stringify(supplement) });
    const html = await page.text();
    expect(page.status).toBe(200);
    expect(html).toContain('“By the form” with 120 places is stored');
    expect(html).toContain('made as large as the seats need');
    expect(html).toMatch(/\/api\/v1\/plans\/[0-9a-z]{12}\/export\?format=pretix/);
  });

  it('shows errors with their paths, and does not exist for customers', async () => {
    const page = await post({ plan: '{"name": "x", "categories": [], "zones": [[]]}' });
    expect(page.status).toBe(422);
    expect(await page.text()).toMatch(/<code[^>]*>zones\.0<\/code>/);
    expect((await post({ plan: '{}' }, (await signUp('customer')).token)).status).toBe(404);
  });
});
