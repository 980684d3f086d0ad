import * as m from '#domain/messages/compiled/refusals.js';
import { RateLimiterMemory, RateLimiterRedis, RateLimiterRes } from 'rate-limiter-flexible';
import type { UserId } from '#domain/ids.ts';
import { refuse, type Refusal } from '#domain/refusal.ts';
import { networkOf } from './accounts/network.ts';
import type { Config } from './config.ts';
import type { Metrics } from './metrics.ts';
import type { RedisClient } from './redis/connections.ts';
import type { Keys } from './redis/keys.ts';

/**
 * How many pages and API calls one token, one user and one network may ask for in a minute, over all nodes. Counted in
 * Redis, all in one round trip; while it is away, each node counts for itself. Networks without a public address are
 * not counted, as with sockets (live/limits.ts): a proxy that names no visitor, a load test on the same machine.
 */
export interface HttpLimits {
  count(request: Counted): Promise<Pace>;
}

export interface Counted {
  token: string | null;
  user: UserId | null;
  address: string | null;
  /** Passwords, links and tokens that were wrong: what somebody tries who wants to get in. */
  signingIn: boolean;
}

export interface Pace {
  /** RateLimit-Policy and RateLimit, as draft-ietf-httpapi-ratelimit-headers has them; none when nothing is counted. */
  headers: Readonly<Record<string, string>>;
  /** RATE_LIMITED with `retryAfter` (seconds), or null to go on. */
  refusal: Refusal | null;
}

const WINDOW_S = 60;
const NAMES = ['token', 'user', 'network', 'sign-in'] as const;
type Name = (typeof NAMES)[number];

export function createHttpLimits(parts: {
  config: Pick<Config, 'callLimits'>;
  redis: RedisClient;
  keys: Keys;
  metrics?: Pick<Metrics, 'rateLimited'>;
}): HttpLimits {
  const { redis, keys, metrics } = parts;
  const { token, user, network, signIns } = parts.config.callLimits;
  const points: Record<Name, number> = { token, user, network, 'sign-in': signIns };

  function limiter(name: Name): RateLimiterRedis {
    const usual = { points: points[name], duration: WINDOW_S };
    return new RateLimiterRedis({
      ...usual,
      ...{ storeClient: redis, keyPrefix: keys.calls(name), rejectIfRedisNotReady: true },
      insuranceLimiter: new RateLimiterMemory(usual),
      // A flood is answered from memory, not by asking Redis once more for each of its calls.
      inMemoryBlockOnConsumed: points[name] + 1
    });
  }
  const limiters = Object.fromEntries(NAMES.map((name) => [name, limiter(name)])) as Record<Name, RateLimiterRedis>;

  async function take(name: Name, key: string) {
    try {
      return { name, over: false, used: await limiters[name].consume(key) };
    } catch (error) {
      if (error instanceof RateLimiterRes) return { name, over: true, used: error };
      throw error;
    }
  }

  return {
    async count(request) {
      const place = networkOf(request.address);
      const asked: Partial<Record<Name, string | null>> = {
        ...{ token: request.token, user: request.user, network: place },
        'sign-in': request.signingIn ? place : null
      };
      const counted = NAMES.flatMap((name) => (asked[name] ? [take(name, asked[name])] : []));
      if (counted.length === 0) return { headers: {}, refusal: null };
      const taken = await Promise.all(counted);
      const seconds = (used: RateLimiterRes) => Math.max(1, Math.ceil(used.msBeforeNext / 1000));
      const headers = {
        'ratelimit-policy': taken.map(({ name }) => `"${name}";q=${points[name]};w=${WINDOW_S}`).join(', '),
        ratelimit: taken
          .map(({ name, over, used }) => `"${name}";r=${over ? 0 : used.remainingPoints};t=${seconds(used)}`)
          .join(', ')
      };
      const over = taken.filter((each) => each.over);
      for (const { name } of over) metrics?.rateLimited.inc({ scope: name });
      const waits = over.map(({ used }) => seconds(used));
      return { headers, refusal: waits.length === 0 ? null : tooMany(Math.max(...waits)) };
    }
  };
}

const tooMany = (retryAfter: number) =>
  refuse('RATE_LIMITED', m.too_many_requests({ wait: m.wait_seconds({ count: retryAfter }) }), {
    retryAfter
  });
