import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import { asyncApi } from '../../src/lib/domain/api/asyncapi.ts';
import { openApi } from '../../src/lib/domain/api/openapi.ts';
import { allOperations } from '../../src/lib/domain/api/operations.ts';

/**
 * Holds every answer that a test gets against the documents: what is not described there, to the last field, fails the
 * test that got it. Formats are not looked at: the patterns beside them say the same.
 */
export const document = openApi('http://127.0.0.1');
export const socketDocument = asyncApi('http://127.0.0.1');

const options = { strict: false, validateFormats: false, validateSchema: false, allErrors: true } as const;
const ajv = new Ajv2020(options);
ajv.addSchema(document, 'openapi', true);
const socketAjv = new Ajv2020(options);
socketAjv.addSchema(socketDocument, 'asyncapi', true);

const pointer = (...parts: string[]) =>
  parts.map((part) => encodeURIComponent(part.replaceAll('~', '~0').replaceAll('/', '~1'))).join('/');
const compiled = new Map<string, ValidateFunction>();
function schemaAt(by: Ajv2020, ref: string): ValidateFunction {
  const known = compiled.get(ref);
  if (known) return known;
  const made = by.compile({ $ref: ref });
  compiled.set(ref, made);
  return made;
}

/** What is fixed is before what stands for anything: `/events/mine` is not `/events/{id}`. */
const routes = allOperations
  .map(({ key, method, path, operation }) => {
    const parts = path.split(/\{\w+\}/).map((part) => part.replaceAll('.', '\\.'));
    return { key, method, path, operation, matches: new RegExp(`^${parts.join('[^/]+')}$`), holes: parts.length };
  })
  .sort((a, b) => a.holes - b.holes || b.path.length - a.path.length);

interface Seen {
  method: string;
  /** Below /api/v1, without a query. */
  path: string;
  status: number;
  type: string;
  /** Null for what was not read. */
  text: string | null;
}

/** What is wrong with this answer, in words; null when it is as it is described. */
export function wrongWith({ method, path, status, type, text }: Seen): string | null {
  if (!/^(GET|POST|PUT|PATCH|DELETE)$/.test(method)) return null;
  const route = routes.find((one) => one.method === method && one.matches.test(path));
  // No such call, or not by this method: then it has to say so.
  if (!route) return [400, 403, 404, 405, 413].includes(status) ? null : `${method} ${path} is no documented call`;
  const what = `${route.key} (operation ${route.operation.id} in src/lib/domain/api) answered ${status}`;
  const { responses } = document.paths[route.path]?.[method.toLowerCase()] as unknown as {
    responses: Record<string, { content?: Record<string, object> }>;
  };
  const response = responses[String(status)];
  if (!response) return `${what}, which is not described: add it to its \`answers\` or \`refuses\`. ${text ?? ''}`;
  const content = Object.keys(response.content ?? {});
  if (content.length === 0) return text ? `${what} with a body, which is not described: ${text}` : null;
  if (!content.includes(type)) return `${what} as ${type || 'nothing'}; described is ${content.join(', ')}`;
  if (text === null || !type.includes('json')) return null;
  const body = JSON.parse(text) as unknown;
  const at = ['paths', route.path, method.toLowerCase(), 'responses', String(status), 'content', type];
  if (!('schema' in (response.content?.[type] ?? {}))) return null;
  const valid = schemaAt(ajv, `openapi#/${pointer(...at, 'schema')}`);
  if (valid(body)) return null;
  if (type === 'application/problem+json') return problemWords(what, body);
  const errors = valid.errors?.map(
    ({ instancePath, message, params }) => `${instancePath} ${message} ${JSON.stringify(params)}`
  );
  return `${what} otherwise than described:\n${errors?.slice(0, 10).join('\n')}\n${text.slice(0, 1000)}`;
}

function problemWords(what: string, body: unknown): string {
  const code = typeof body === 'object' && body !== null && 'code' in body ? String(body.code) : '';
  return `${what} ${code}: either it is missing in the operation's \`refuses\`, or its details are not those of problems.ts. ${JSON.stringify(body)}`;
}

const ours = new Set<string>();
let watching = false;

/** From now on every answer of the API at this address is looked at, whoever asks with `fetch` in this process. */
export function watchAnswers(url: string): void {
  ours.add(url);
  if (watching) return;
  watching = true;
  const ask = globalThis.fetch;
  globalThis.fetch = async (input, init) => {
    const response = await ask(input, init);
    const { origin, pathname } = new URL(input instanceof Request ? input.url : String(input));
    if (!ours.has(origin) || !pathname.startsWith('/api/v1/')) return response;
    const type = response.headers.get('content-type')?.split(';')[0]?.trim() ?? '';
    // A stream of events has no end to wait for; files are looked at by their own tests.
    const text = type.includes('json') || response.status === 204 ? await response.clone().text() : null;
    const method = (init?.method ?? (input instanceof Request ? input.method : 'GET')).toUpperCase();
    const wrong = wrongWith({ method, path: pathname.slice('/api/v1'.length), status: response.status, type, text });
    if (wrong) throw new Error(wrong);
    return response;
  };
}

const nameOf = (event: string) =>
  event.replaceAll(/(^|[^a-z])([a-z])/g, (_, __, letter: string) => letter.toUpperCase());

/** The same for what comes over a socket: `SeatsHoldAck`, `ShowChangedEvent`. */
export function wrongMessage(kind: 'Ack' | 'Event', event: string, payload: unknown): string | null {
  const name = `${nameOf(event)}${kind}`;
  if (!(name in socketDocument.components.schemas))
    return `${event} is no documented ${kind.toLowerCase()} (src/lib/domain/api/sockets.ts)`;
  const valid = schemaAt(socketAjv, `asyncapi#/components/schemas/${name}`);
  if (valid(payload)) return null;
  const errors = valid.errors?.map(
    ({ instancePath, message, params }) => `${instancePath} ${message} ${JSON.stringify(params)}`
  );
  return `${name} is not as described in src/lib/domain/api/sockets.ts:\n${errors?.slice(0, 10).join('\n')}\n${JSON.stringify(payload).slice(0, 500)}`;
}
