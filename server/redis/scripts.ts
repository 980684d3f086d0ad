import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { Cluster, type ChainableCommander } from 'ioredis';
import { inSpan, isTracing } from '../tracing/spans.ts';
import type { RedisClient } from './connections.ts';

/**
 * Loads a folder of Lua files as commands of a connection: one file a command, `--- @include "name"` takes in
 * includes/name.lua. ioredis sends EVALSHA and falls back to EVAL when Redis has lost its script cache.
 */
export type ScriptReply = readonly [string, ...unknown[]];

export interface Scripts<Name extends string> {
  run(name: Name, keys: readonly string[], args: readonly (string | number)[]): Promise<ScriptReply>;
  /** The same as part of a pipeline. */
  queue(pipeline: ChainableCommander, name: Name, keys: readonly string[], args: readonly (string | number)[]): void;
}

export function readScripts(folder: string): Map<string, string> {
  const include = (source: string) =>
    source.replaceAll(/^ *--- @include "(\w+)"$/gm, (_, name: string) =>
      readFileSync(join(folder, 'includes', `${name}.lua`), 'utf8')
    );
  return new Map(
    readdirSync(folder)
      .filter((file) => file.endsWith('.lua'))
      .map((file) => [basename(file, '.lua'), include(readFileSync(join(folder, file), 'utf8'))])
  );
}

const KEYS_OF_A_SHOW = 6;

/**
 * Collects what is written to Redis until the event loop has been round: clicks that come in together leave in one
 * write. One write for each of them was the largest single cost of a click (14 %). Nothing waits for it: the loop
 * comes to setImmediate as soon as it has read what is there.
 */
function createGatherer(redis: RedisClient) {
  // A Cluster has many streams, each command goes to the one of its slot.
  if (redis instanceof Cluster) return () => undefined;
  let gathering = false;
  return () => {
    const { stream } = redis;
    // While there is no connection, ioredis refuses or keeps the command itself.
    if (gathering || redis.status !== 'ready') return;
    gathering = true;
    stream.cork();
    setImmediate(() => {
      gathering = false;
      stream.uncork();
    });
  };
}

export function defineScripts<Name extends string>(redis: RedisClient, sources: Map<string, string>): Scripts<Name> {
  type Call = (...args: (string | number)[]) => Promise<unknown>;
  const gather = createGatherer(redis);
  const command = (name: Name) => `seat_${name}`;
  // In a Cluster a plain message goes to every node of it; a sharded one stays with the show's keys.
  const publish = redis instanceof Cluster ? `'SPUBLISH'` : `'PUBLISH'`;
  for (const [name, source] of sources) {
    const lua = source.replaceAll(`'PUBLISH'`, publish);
    // The only script that answers with bytes that are not text is snapshot; it is called by its Buffer form.
    redis.defineCommand(`seat_${name}`, { numberOfKeys: KEYS_OF_A_SHOW, lua });
  }
  const method = (on: object, name: string): Call => {
    const found: unknown = Reflect.get(on, name);
    if (typeof found !== 'function') throw new Error(`there is no seat script ${name}`);
    return (...args) => Reflect.apply(found, on, args) as Promise<unknown>;
  };
  const reply = (value: unknown): ScriptReply => {
    if (!Array.isArray(value)) throw new Error('a seat script must answer with a list');
    const [status, ...rest] = value as unknown[];
    return [String(status), ...rest];
  };
  return {
    async run(name, keys, args) {
      gather();
      const call = name === 'snapshot' ? `${command(name)}Buffer` : command(name);
      const work = () => method(redis, call)(...keys, ...args);
      return reply(await (isTracing() ? inSpan(`lua ${name}`, work, { insideOnly: true }) : work()));
    },
    queue(pipeline, name, keys, args) {
      void method(pipeline, command(name))(...keys, ...args);
    }
  };
}
