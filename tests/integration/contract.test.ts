import { readFileSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import specs from '@asyncapi/specs';
import { Validator } from '@seriousme/openapi-schema-validator';
import { Ajv } from 'ajv';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { isSchema } from '../../src/lib/domain/api/operation.ts';
import { allOperations } from '../../src/lib/domain/api/operations.ts';
import { clientCommands } from '../../src/lib/domain/protocol.ts';
import { exportQuery } from '../../src/lib/domain/reports.ts';
import type { Running } from '../../server/serve.ts';
import { call, startApi } from './api-server.ts';
import { document, socketDocument, wrongWith } from './contract.ts';
import { makeConfig } from './stack.ts';

/** The documents say what the routes do, all of it and nothing else. */
const ROUTES = resolve(import.meta.dirname, '../../src/routes/api/v1');
const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'];

interface Route {
  key: string;
  /** The method's own part of the file. */
  source: string;
  /** What the file imports, by name. */
  imported: (name: string) => Promise<unknown>;
}

/** Every method of every route file. */
async function routes(): Promise<Route[]> {
  const files = readdirSync(ROUTES, { recursive: true, encoding: 'utf8' }).filter(
    (name) => name.endsWith('+server.ts') && !name.includes('[...rest]')
  );
  const found = await Promise.all(
    files.map(async (file) => {
      const path = `/${file.slice(0, -'/+server.ts'.length).replaceAll(/\[(\w+)\]/g, '{$1}')}`;
      const source = readFileSync(join(ROUTES, file), 'utf8');
      const module = (await import(join(ROUTES, file))) as Record<string, unknown>;
      const imported = async (name: string): Promise<unknown> => {
        const from = new RegExp(`import \\{[^}]*\\b${name}\\b[^}]*\\} from '#domain/([^']+)'`).exec(source)?.[1];
        if (!from) return undefined;
        return ((await import(resolve('src/lib/domain', from))) as Record<string, unknown>)[name];
      };
      return METHODS.filter((method) => method in module).map((method) => ({
        ...{ key: `${method} ${path}`, imported },
        source: source.split(/^export const /m).find((part) => part.startsWith(`${method} `)) ?? ''
      }));
    })
  );
  return found.flat();
}

let running: Running;
beforeAll(async () => {
  running = await startApi(await makeConfig());
});
afterAll(() => running.close());

describe('the OpenAPI document', () => {
  it('is one, and is what the server gives out', async () => {
    expect(
      await new Validator().validate(JSON.parse(JSON.stringify(document)) as Record<string, unknown>)
    ).toMatchObject({ valid: true });
    const given = await call(running.url, 'GET /openapi.json');
    const { servers, ...others } = given.body ?? {};
    const { servers: _, ...ours } = JSON.parse(JSON.stringify(document)) as Record<string, unknown>;
    expect(others).toEqual(ours);
    expect(servers).toEqual([{ url: `${running.url}/api/v1` }]);
    const etag = given.headers.get('etag') ?? '';
    expect((await call(running.url, 'GET /openapi.json', { headers: { 'if-none-match': etag } })).status).toBe(304);
  });

  it('has every route there is, and no other', async () => {
    const there = (await routes()).map(({ key }) => key);
    const described = allOperations.map(({ key }) => key);
    expect(there.length).toBeGreaterThan(80);
    const missing = there.filter((key) => !described.includes(key as (typeof described)[number]));
    expect(missing, 'describe these in src/lib/domain/api/*.ts, next to those of the same subject').toEqual([]);
    expect(
      described.filter((key) => !there.includes(key)),
      'these are described and do not exist'
    ).toEqual([]);
  });

  it('describes with the very schemas that the routes read by', async () => {
    const wrong: string[] = [];
    for (const { key, source, imported } of await routes()) {
      const operation = allOperations.find((one) => one.key === key)?.operation;
      const read = async (call: string) => {
        const names = [...source.matchAll(new RegExp(`${call}\\([^,]+, (\\w+)\\)`, 'g'))].map(([, name = '']) => name);
        return Promise.all(names.map(imported));
      };
      const [bodies, queries] = [await read('readBody'), await read('readQuery')];
      const body = isSchema(operation?.body) && !operation.bodyReadElsewhere ? [operation.body] : [];
      if (bodies.length !== body.length || bodies[0] !== body[0]) wrong.push(`${key}: body`);
      // The list of events is read by either of two.
      if (key === 'GET /events') continue;
      if (source.includes('csvFile(')) {
        // A file is read by its list's, where it has one, and by what all files have: the same fields, by the same schemas.
        const fields = [...queries, exportQuery].map((schema) => (schema as typeof exportQuery).shape);
        if (!sameFields(operation?.query, Object.assign({}, ...fields) as object))
          wrong.push(`${key}: query of a file`);
        continue;
      }
      const query = operation?.query ? [operation.query] : [];
      if (queries.length !== query.length || queries[0] !== query[0]) wrong.push(`${key}: query`);
    }
    expect(wrong, 'give the operation the schema that its route reads by').toEqual([]);
  });

  it('names each operation once', () => {
    const ids = allOperations.map(({ operation }) => operation.id);
    expect(new Set(ids).size).toBe(ids.length);
    for (const { operation } of allOperations) expect(operation.summary).toMatch(/^[A-Z].*[^.]$/);
  });

  it('is what the answers of all these tests are held against', () => {
    const seen = { method: 'GET', path: '/me', status: 200, type: 'application/json' };
    const user = { id: '0b3f6c2e-7a55-4d0e-9d3f-2f5f8b1f0a11', email: 'a@b.de', name: 'A', role: 'customer' };
    expect(wrongWith({ ...seen, text: JSON.stringify({ user }) })).toBeNull();
    expect(wrongWith({ ...seen, text: JSON.stringify({ user: { ...user, passwordHash: 'x' } }) })).toMatch(
      /passwordHash/
    );
    expect(wrongWith({ ...seen, text: JSON.stringify({}) })).toMatch(/user/);
    expect(wrongWith({ ...seen, status: 418, text: null })).toMatch(/not described/);
    const problem = {
      type: 'about:blank',
      title: 'Conflict',
      status: 409,
      detail: 'No.',
      code: 'SEAT_TAKEN',
      seats: [1]
    };
    const refused = { ...seen, type: 'application/problem+json', status: 409, text: JSON.stringify(problem) };
    expect(wrongWith({ ...refused, method: 'POST', path: '/shows/abcdefghijkl/holds' })).toBeNull();
    expect(wrongWith({ ...refused, method: 'POST', path: '/bookings/x/cancel' })).toMatch(/refuses/);
  });
});

/** Each field by the very schema that the route reads it by; the document has no other. */
function sameFields(query: unknown, fields: Readonly<Record<string, unknown>> | object): boolean {
  const described = query instanceof z.ZodObject ? (query.shape as Record<string, unknown>) : {};
  const read = fields as Record<string, unknown>;
  const names = [...new Set([...Object.keys(described), ...Object.keys(read)])];
  return names.length > 0 && names.every((name) => described[name] !== undefined && described[name] === read[name]);
}

describe('the AsyncAPI document', () => {
  it('is one, and has every command and event', async () => {
    const schema: object = specs.schemasWithoutId['3.0.0'];
    const valid = new Ajv({ strict: false, validateFormats: false }).compile(schema);
    expect(valid(JSON.parse(JSON.stringify(socketDocument))), JSON.stringify(valid.errors)).toBe(true);
    const names = Object.values(socketDocument.components.messages).map(
      (message) => (message as { name: string }).name
    );
    expect(names).toEqual(expect.arrayContaining([...Object.keys(clientCommands), 'seats', 'version', 'hold:ended']));
    const given = await call(running.url, 'GET /asyncapi.json');
    expect(given.body).toMatchObject({ asyncapi: '3.0.0', servers: { socket: { host: new URL(running.url).host } } });
  });
});

describe('Swagger UI', () => {
  it('comes from us alone, with all it needs, to be kept by the browser', async () => {
    const page = await fetch(`${running.url}/api/v1/docs`);
    const html = await page.text();
    expect(page.headers.get('content-security-policy')).toMatch(/script-src 'self';/);
    const links = [...html.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, link = '']) => link);
    expect(links.filter((link) => !/^(\/|data:,$)/.test(link))).toEqual([]);
    const assets = links.filter((link) => link.startsWith('/_app/'));
    expect(assets.length).toBe(4);
    for (const asset of assets) {
      const answer = await fetch(`${running.url}${asset}`);
      expect(answer.status, asset).toBe(200);
      expect(answer.headers.get('cache-control')).toMatch(/immutable/);
    }
    expect(html).toContain('/api/v1/openapi.json');
  });
});
