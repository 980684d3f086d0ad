import { accessOf } from '#domain/scopes.ts';
import { allOperations } from './operations.ts';
import { isRaw, isSchema, type Operation, type Raw } from './operation.ts';
import { problemName, statusesOf, type ProblemCode } from './problems.ts';
import { answerSchemas, inputSchema, type JsonSchema } from './json-schema.ts';
import { TAGS, WORDS } from './words.ts';

/** The OpenAPI 3.1 document of what `operations` says: made once, when it is first asked for. */

const CHANGES = new Set(['POST', 'PUT', 'PATCH', 'DELETE']);
const SIGNED_IN = new Set<Operation['who']>(['user', 'staff', 'manager', 'admin']);

/** Every refusal that a call can answer: its own, and those that follow from who may call it and what it takes. */
export function codesOf(method: string, path: string, of: Operation): ProblemCode[] {
  const changes = CHANGES.has(method);
  const codes = new Set<ProblemCode>(['INVALID', 'RATE_LIMITED', 'BUSY', 'ERROR', ...(of.refuses ?? [])]);
  // An API token that is over, or has not the scope: also where nobody has to say who they are.
  codes.add('UNAUTHENTICATED').add('FORBIDDEN');
  if (changes) codes.add('TOO_LARGE');
  if (path.includes('{') || of.who === 'admin') codes.add('NOT_FOUND');
  if (of.key) codes.add('IDEMPOTENCY_CONFLICT');
  return [...codes];
}

/** INVALID is 422, and 400 for an address that cannot be read; everything else has one status. */
export function problemsByStatus(codes: readonly ProblemCode[]): Map<number, ProblemCode[]> {
  const byStatus = new Map<number, ProblemCode[]>();
  for (const code of codes) {
    for (const status of statusesOf(code)) byStatus.set(status, [...(byStatus.get(status) ?? []), code]);
  }
  return new Map([...byStatus].sort(([a], [b]) => a - b));
}

const security = (who: Operation['who']) => {
  const asUser = [{ session: [] }, { token: [] }];
  if (SIGNED_IN.has(who)) return asUser;
  return who === 'buyer' ? [...asUser, { buyerToken: [] }, { buyerCookie: [] }] : [];
};

const KEY_HEADER = {
  ...{ name: 'Idempotency-Key', in: 'header', schema: { type: 'string', minLength: 1, maxLength: 200 } },
  description: WORDS.key
};
const NONE_MATCH = {
  ...{ name: 'If-None-Match', in: 'header', required: false, schema: { type: 'string' } },
  description: 'The ETag of the answer that you have'
};

const pathParams = (path: string) => [...path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name);

type Answers = ReturnType<typeof answerSchemas>;

function parameters(path: string, of: Operation) {
  const inPath = pathParams(path).map((name) => ({
    ...{ name, in: 'path', required: true },
    schema: of.params?.[name] ? inputSchema(of.params[name]) : { type: 'string' }
  }));
  const inQuery = of.query ? queryParameters(inputSchema(of.query)) : [];
  const headers = [
    ...(of.key ? [{ ...KEY_HEADER, required: of.key === 'required' }] : []),
    ...(of.cached ? [NONE_MATCH] : [])
  ];
  return [...inPath, ...inQuery, ...headers];
}

/** One parameter for each property; of a union, those of all its members, none of them required. */
function queryParameters(schema: JsonSchema) {
  const members = schema.anyOf ?? [schema];
  const found = new Map<string, JsonSchema[]>();
  for (const { properties = {} } of members) {
    for (const [name, property] of Object.entries(properties)) {
      const known = found.get(name) ?? [];
      if (!known.some((one) => JSON.stringify(one) === JSON.stringify(property))) found.set(name, [...known, property]);
    }
  }
  return [...found].map(([name, all]) => ({
    ...{ name, in: 'query', required: members.every(({ required = [] }) => required.includes(name)) },
    schema: all.length === 1 ? all[0] : { anyOf: all }
  }));
}

const rawContent = ({ types }: Raw) => Object.fromEntries(types.map((type) => [type, {}]));

const answerHeaders = (of: Operation, status: number) => ({
  ...(of.cached && status === 200 ? { ETag: { schema: { type: 'string' } } } : {}),
  ...(of.key ? { 'Idempotent-Replayed': { description: WORDS.replayed, schema: { const: 'true' } } } : {}),
  ...(of.id === 'getShowPlan' ? { 'X-Plan-Id': { schema: { type: 'string' } } } : {})
});

function responses(method: string, path: string, of: Operation, answers: Answers) {
  const good = Object.entries(of.answers).map(([status, answer]) => {
    const content = answer === null ? undefined : isRaw(answer) ? rawContent(answer) : json(answers.of(answer));
    const headers = answerHeaders(of, Number(status));
    const also = of.otherwise && status === '200' ? rawContent(of.otherwise) : {};
    return [
      status,
      {
        description: answer !== null && isRaw(answer) ? answer.says : (WORDS.statuses[Number(status)] ?? 'Done'),
        ...(Object.keys(headers).length > 0 ? { headers } : {}),
        ...(content ? { content: { ...content, ...also } } : {})
      }
    ] as const;
  });
  const unchanged = of.cached ? [['304', { description: 'What you have is still so' }] as const] : [];
  const bad = [...problemsByStatus(codesOf(method, path, of))].map(
    ([status, codes]) => [String(status), problemResponse(status, codes)] as const
  );
  return Object.fromEntries([...good, ...unchanged, ...bad]);
}

const json = (schema: JsonSchema) => ({ 'application/json': { schema } });

function problemResponse(status: number, codes: readonly ProblemCode[]) {
  const all = codes.map((code) => ({ $ref: `#/components/schemas/${problemName(code)}` }));
  return {
    description: codes.join(', '),
    ...(status === 429 || status === 503 ? { headers: { 'Retry-After': { schema: { type: 'string' } } } } : {}),
    content: { 'application/problem+json': { schema: all.length === 1 ? all[0] : { oneOf: all } } }
  };
}

function requestBody(of: Operation) {
  if (!of.body) return {};
  const content = isSchema(of.body) ? json(inputSchema(of.body)) : rawContent(of.body);
  return { requestBody: { required: true, content } };
}

/** What an API token needs; null where any or none will do. */
function scopeOf(method: string, path: string) {
  const access = accessOf(method, path.replaceAll('{', '[').replaceAll('}', ']'));
  return access === 'any' || access === 'none' ? null : access;
}

function operationObject(method: string, path: string, of: Operation, answers: Answers) {
  const scope = scopeOf(method, path);
  return {
    operationId: of.id,
    tags: [of.tag],
    summary: of.summary,
    description: [of.description, WORDS.who[of.who], scope && `API tokens need the scope \`${scope}\`.`]
      .filter(Boolean)
      .join('\n\n'),
    security: security(of.who),
    ...(scope ? { 'x-scope': scope } : {}),
    parameters: parameters(path, of),
    ...requestBody(of),
    responses: responses(method, path, of, answers)
  };
}

export function openApi(origin: string) {
  const answers = answerSchemas(allOperations.map(({ operation }) => operation));
  const paths: Record<string, Record<string, object>> = {};
  for (const { method, path, operation } of allOperations) {
    (paths[path] ??= {})[method.toLowerCase()] = operationObject(method, path, operation, answers);
  }
  const cookie = (name: string) => ({
    type: 'apiKey',
    in: 'cookie',
    name: `${origin.startsWith('https:') ? '__Host-' : ''}${name}`
  });
  return {
    openapi: '3.1.1',
    info: { title: 'Fullhouse', version: '1', description: WORDS.api, license: { name: 'MIT', identifier: 'MIT' } },
    servers: [{ url: `${origin}/api/v1` }],
    tags: TAGS.filter(({ name }) => allOperations.some(({ operation }) => operation.tag === name)),
    paths,
    components: {
      schemas: answers.components,
      securitySchemes: {
        session: { ...cookie('fullhouse_session'), description: 'What signing in sets in a browser' },
        token: { type: 'http', scheme: 'bearer', description: WORDS.bearer },
        buyerCookie: { ...cookie('fullhouse_buyer'), description: 'What the first page sets in a browser' },
        buyerToken: { type: 'apiKey', in: 'header', name: 'X-Buyer-Token', description: 'From `POST /buyers`' }
      }
    }
  };
}
