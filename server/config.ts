import { resolve } from 'node:path';
import ipaddr from 'ipaddr.js';
import { z } from 'zod';
import { USUAL_DATA_DIR } from './setting.ts';

/**
 * Everything that can be set from outside, checked once at start. The only reader of process.env.
 * Times are milliseconds.
 */
const MODES = ['production', 'development', 'demo', 'test'] as const;

const url = (schemes: readonly string[]) =>
  z.string().refine((value) => URL.canParse(value) && schemes.includes(new URL(value).protocol.slice(0, -1)), {
    message: `must be a URL that starts with ${schemes.map((scheme) => `${scheme}://`).join(' or ')}`
  });

/** One Redis, or the addresses of a Cluster's nodes with commas between them. */
const redisUrls = z
  .string()
  .refine((value) => value.split(',').every((each) => url(['redis', 'rediss']).safeParse(each).success), {
    message: 'must be a URL that starts with redis:// or rediss://, or several with commas between them for a Cluster'
  });

/** `name@host:port,host:port`: the group that the Sentinels watch, and where they are. */
const sentinels = z
  .string()
  .regex(/^[\w.-]+@[\w.-]+:\d{1,5}(,[\w.-]+:\d{1,5})*$/, 'must be name@host:port, with more Sentinels after commas')
  .transform((text) => {
    const [group = '', addresses = ''] = text.split('@');
    return {
      group,
      at: addresses.split(',').map((address) => {
        const [host = '', port] = address.split(':');
        return { host, port: Number(port) };
      })
    };
  });

const wholeNumber = (min: number, max: number) =>
  z.coerce
    .number({ error: 'must be a whole number' })
    .int('must be a whole number')
    .min(min, `must be at least ${min}`)
    .max(max, `must be at most ${max}`);

/** `true`, `false`, or networks such as 10.0.0.0/8, with commas between them. */
const privateNetworks = z
  .string()
  .transform((text) =>
    text === 'true' || text === 'false' ? text === 'true' : text.split(',').map((one) => one.trim())
  )
  .refine((given) => typeof given === 'boolean' || given.every((one) => ipaddr.isValidCIDR(one)), {
    message: 'must be true, false, or networks such as 10.0.0.0/8 with commas between them'
  });

const environment = z.object({
  MODE: z.enum(MODES, { error: `must be one of ${MODES.join(', ')}` }).default('production'),
  PORT: wholeNumber(0, 65535).default(3000),
  HOST: z.string().min(1).default('0.0.0.0'),
  ORIGIN: url(['http', 'https']).optional(),
  DATA_DIR: z.string().min(1).default(USUAL_DATA_DIR),
  DATABASE_URL: url(['postgres', 'postgresql']),
  REDIS_URL: redisUrls,
  REDIS_SENTINELS: sentinels.optional(),
  QUEUE_REDIS_URL: url(['redis', 'rediss']).optional(),
  SMTP_URL: url(['smtp', 'smtps']),
  MAIL_FROM: z.string().min(3).default('Fullhouse <tickets@fullhouse.localhost>'),
  STRIPE_SECRET_KEY: z
    .string()
    .regex(/^[sr]k_(test|live)_/, 'must be a secret key of Stripe, which starts with sk_ or rk_')
    .optional(),
  STRIPE_WEBHOOK_SECRET: z
    .string()
    .startsWith('whsec_', 'must be the secret of a webhook endpoint, which starts with whsec_')
    .optional(),
  STRIPE_API_URL: url(['http', 'https']).optional(),
  SECRET: z.string().min(32, 'must be at least 32 characters; make one with: openssl rand -base64 48'),
  HOLD_TTL_MS: wholeNumber(100, 86_400_000).default(600_000),
  HOLD_LIMIT_MS: wholeNumber(100, 86_400_000).default(1_800_000),
  PAYMENT_TTL_MS: wholeNumber(100, 86_400_000).default(900_000),
  OFFER_TTL_MS: wholeNumber(100, 86_400_000).default(1_800_000),
  SEAT_LOG_DAYS: wholeNumber(31, 36_500).default(400),
  SEATS_PER_BUYER: wholeNumber(1, 50).default(8),
  LIVE_TICK_MS: wholeNumber(10, 1000).default(50),
  LIMIT_SOCKET_COMMANDS: wholeNumber(1, 100_000).default(20),
  LIMIT_BUYER_COMMANDS: wholeNumber(1, 100_000).default(40),
  LIMIT_BUYER_SOCKETS: wholeNumber(1, 100_000).default(20),
  LIMIT_NETWORK_COMMANDS: wholeNumber(1, 1_000_000).default(500),
  LIMIT_NETWORK_SOCKETS: wholeNumber(1, 1_000_000).default(200),
  LIMIT_NETWORK_HANDSHAKES: wholeNumber(1, 1_000_000).default(20),
  LIMIT_TOKEN_CALLS: wholeNumber(1, 10_000_000).default(600),
  LIMIT_USER_CALLS: wholeNumber(1, 10_000_000).default(1200),
  LIMIT_NETWORK_CALLS: wholeNumber(1, 10_000_000).default(3000),
  LIMIT_NETWORK_SIGN_INS: wholeNumber(1, 10_000_000).default(60),
  ADDRESS_HEADER: z
    .string()
    .regex(/^[a-z0-9-]+$/i, 'must be the name of a header, such as x-forwarded-for')
    .optional(),
  XFF_DEPTH: wholeNumber(1, 10).default(1),
  DRAIN_WAIT_MS: wholeNumber(0, 600_000).default(5000),
  DRAIN_SOCKETS_MS: wholeNumber(0, 600_000).default(10_000),
  WORKER: z.enum(['inline', 'separate'], { error: 'must be inline or separate' }).default('inline'),
  WORKER_PORT: wholeNumber(0, 65535).optional(),
  OUTBOX_AGAIN_MS: wholeNumber(1000, 3_600_000).default(45_000),
  OTEL_EXPORTER_OTLP_ENDPOINT: url(['http', 'https']).optional(),
  OTEL_SERVICE_NAME: z.string().min(1).default('fullhouse'),
  OTEL_TRACES_SAMPLER_ARG: z.coerce
    .number({ error: 'must be a number' })
    .min(0, 'must be at least 0')
    .max(1, 'must be at most 1')
    .default(1),
  LOG_LEVEL: z
    .enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'], {
      error: 'must be fatal, error, warn, info, debug, trace or silent'
    })
    .default('info'),
  S3_BUCKET: z.string().min(3).optional(),
  S3_ENDPOINT: url(['http', 'https']).optional(),
  S3_REGION: z.string().min(1).default('us-east-1'),
  S3_ACCESS_KEY_ID: z.string().min(1).optional(),
  S3_SECRET_ACCESS_KEY: z.string().min(1).optional(),
  WEBHOOK_ALLOW_PRIVATE: privateNetworks.default(false),
  METRICS_TOKEN: z.string().min(16, 'must be at least 16 characters; make one with: openssl rand -hex 24').optional(),
  REDIS_PREFIX: z
    .string()
    .regex(/^[a-z0-9-]*$/, 'may hold a-z, 0-9 and - only')
    .default('')
});

export interface Config {
  mode: (typeof MODES)[number];
  port: number;
  host: string;
  /** Scheme, host and port the browser sees; links in mails start with it. */
  origin: string;
  dataDir: string;
  databaseUrl: string;
  /** More than one address, with commas between them, names a Cluster. */
  redisUrl: string;
  /** Who says which Redis is the master now; the password and the database are then those of `redisUrl`. */
  redisSentinels: { group: string; at: readonly { host: string; port: number }[] } | null;
  queueRedisUrl: string;
  smtpUrl: string;
  mailFrom: string;
  secret: string;
  /** Payments go through Stripe when its keys are set, else through the sandbox, where no money moves. */
  stripe: { secretKey: string; webhookSecret: string; apiUrl: string | null } | null;
  holdTtlMs: number;
  holdLimitMs: number;
  paymentTtlMs: number;
  /** How long an offer to somebody on the waiting list stands. */
  offerTtlMs: number;
  /** How long the seat log is kept, in days; whole months of it are dropped. */
  seatLogDays: number;
  seatsPerBuyer: number;
  liveTickMs: number;
  /** What one socket, one buyer and one network may ask of a node: commands and handshakes a second, sockets at once. */
  limits: {
    socketCommands: number;
    buyerCommands: number;
    buyerSockets: number;
    networkCommands: number;
    networkSockets: number;
    networkHandshakes: number;
  };
  /** Pages and API calls a minute, over all nodes; `signIns` are tries to get in, of one network. */
  callLimits: { token: number; user: number; network: number; signIns: number };
  /** The header in which a proxy of ours names the visitor; null: whoever connects is the visitor. */
  addressHeader: string | null;
  /** How many proxies of ours add an address to that header: the visitor's is this many from its right end. */
  forwardedDepth: number;
  /** On SIGTERM: how long the node says that it is not ready before anything else, and over how long its sockets end. */
  drain: { waitMs: number; socketsMs: number };
  worker: 'inline' | 'separate';
  /** Where a worker of its own answers /livez, /readyz and /metrics; null: nowhere. */
  workerPort: number | null;
  /** Work that a queue was given and that is not done is handed over again after this long. */
  outboxAgainMs: number;
  /** Where spans are sent by OTLP over HTTP, as what service, and which share of the traces; null: nothing is traced. */
  tracing: { endpoint: string; service: string; share: number } | null;
  logLevel: string;
  /** Goes before every Redis key and channel, so that two installations can share one Redis. */
  redisPrefix: string;
  /** Where pictures are kept; null: under dataDir, which all nodes must then share. */
  s3: { bucket: string; endpoint: string | null; region: string; accessKeyId: string; secretAccessKey: string } | null;
  /** Whether webhooks may go to addresses that are not public, and to which. */
  webhooks: { allowPrivate: boolean | readonly string[] };
  /** What GET /metrics asks for; null: it answers this machine only. */
  metricsToken: string | null;
}

/** Carries one clear line for each thing that is wrong. */
export class ConfigError extends Error {
  readonly lines: readonly string[];
  constructor(lines: readonly string[]) {
    super(lines.join('\n'));
    this.name = 'ConfigError';
    this.lines = lines;
  }
}

/** Reads the environment (or the given one) into a Config. Throws ConfigError with every problem at once. */
export function loadConfig(source: Record<string, string | undefined> = process.env): Config {
  const given = Object.fromEntries(Object.entries(source).filter(([, value]) => value !== undefined && value !== ''));
  const parsed = environment.safeParse(given);
  if (!parsed.success) {
    throw new ConfigError(
      parsed.error.issues.map((issue) => {
        const name = issue.path.join('.');
        return given[name] === undefined ? `${name} is missing: set it in the environment` : `${name} ${issue.message}`;
      })
    );
  }
  const env = parsed.data;
  const problems: string[] = [];
  if (env.MODE === 'production' && env.ORIGIN === undefined)
    problems.push('ORIGIN is missing: set it to the address browsers use, such as https://tickets.example');
  if (env.MODE === 'production' && env.SECRET.startsWith('demo-'))
    problems.push('SECRET is the demo’s own: production needs a secret nobody else knows');
  if (env.REDIS_URL.includes(',') && env.QUEUE_REDIS_URL === undefined)
    problems.push('QUEUE_REDIS_URL is missing: the queue needs a single Redis where REDIS_URL names a Cluster');
  if (env.REDIS_SENTINELS !== undefined && env.REDIS_URL.includes(','))
    problems.push('REDIS_SENTINELS is for a single Redis: REDIS_URL names a Cluster, which finds its masters itself');
  if (env.REDIS_SENTINELS !== undefined && env.QUEUE_REDIS_URL === undefined)
    problems.push('QUEUE_REDIS_URL is missing: the queue needs a Redis of its own where REDIS_SENTINELS is set');
  if ((env.STRIPE_SECRET_KEY === undefined) !== (env.STRIPE_WEBHOOK_SECRET === undefined))
    problems.push(
      `${env.STRIPE_SECRET_KEY === undefined ? 'STRIPE_SECRET_KEY' : 'STRIPE_WEBHOOK_SECRET'} is missing: Stripe needs both of its secrets`
    );
  if (env.HOLD_LIMIT_MS < env.HOLD_TTL_MS) problems.push('HOLD_LIMIT_MS must not be less than HOLD_TTL_MS');
  const s3 = s3Of(env);
  if (s3 === undefined) problems.push('S3_ACCESS_KEY_ID and S3_SECRET_ACCESS_KEY are missing: S3_BUCKET needs both');
  if (problems.length > 0) throw new ConfigError(problems);

  return {
    mode: env.MODE,
    port: env.PORT,
    host: env.HOST,
    origin: (env.ORIGIN ?? `http://localhost:${env.PORT}`).replace(/\/$/, ''),
    dataDir: resolve(env.DATA_DIR),
    databaseUrl: env.DATABASE_URL,
    redisUrl: env.REDIS_URL,
    redisSentinels: env.REDIS_SENTINELS ?? null,
    queueRedisUrl: env.QUEUE_REDIS_URL ?? env.REDIS_URL,
    smtpUrl: env.SMTP_URL,
    mailFrom: env.MAIL_FROM,
    secret: env.SECRET,
    stripe:
      env.STRIPE_SECRET_KEY === undefined || env.STRIPE_WEBHOOK_SECRET === undefined
        ? null
        : {
            secretKey: env.STRIPE_SECRET_KEY,
            webhookSecret: env.STRIPE_WEBHOOK_SECRET,
            apiUrl: env.STRIPE_API_URL ?? null
          },
    holdTtlMs: env.HOLD_TTL_MS,
    holdLimitMs: env.HOLD_LIMIT_MS,
    paymentTtlMs: env.PAYMENT_TTL_MS,
    offerTtlMs: env.OFFER_TTL_MS,
    seatLogDays: env.SEAT_LOG_DAYS,
    seatsPerBuyer: env.SEATS_PER_BUYER,
    liveTickMs: env.LIVE_TICK_MS,
    limits: {
      socketCommands: env.LIMIT_SOCKET_COMMANDS,
      buyerCommands: env.LIMIT_BUYER_COMMANDS,
      buyerSockets: env.LIMIT_BUYER_SOCKETS,
      networkCommands: env.LIMIT_NETWORK_COMMANDS,
      networkSockets: env.LIMIT_NETWORK_SOCKETS,
      networkHandshakes: env.LIMIT_NETWORK_HANDSHAKES
    },
    callLimits: {
      token: env.LIMIT_TOKEN_CALLS,
      user: env.LIMIT_USER_CALLS,
      network: env.LIMIT_NETWORK_CALLS,
      signIns: env.LIMIT_NETWORK_SIGN_INS
    },
    addressHeader: env.ADDRESS_HEADER?.toLowerCase() ?? null,
    forwardedDepth: env.XFF_DEPTH,
    drain: { waitMs: env.DRAIN_WAIT_MS, socketsMs: env.DRAIN_SOCKETS_MS },
    worker: env.WORKER,
    workerPort: env.WORKER_PORT ?? null,
    outboxAgainMs: env.OUTBOX_AGAIN_MS,
    tracing:
      env.OTEL_EXPORTER_OTLP_ENDPOINT === undefined
        ? null
        : {
            endpoint: env.OTEL_EXPORTER_OTLP_ENDPOINT.replace(/\/$/, ''),
            service: env.OTEL_SERVICE_NAME,
            share: env.OTEL_TRACES_SAMPLER_ARG
          },
    logLevel: env.LOG_LEVEL,
    redisPrefix: env.REDIS_PREFIX,
    s3: s3 ?? null,
    webhooks: { allowPrivate: env.WEBHOOK_ALLOW_PRIVATE },
    metricsToken: env.METRICS_TOKEN ?? null
  };
}

/** Undefined when something is missing. */
function s3Of(env: z.infer<typeof environment>): Config['s3'] | undefined {
  if (env.S3_BUCKET === undefined) return null;
  const { S3_ACCESS_KEY_ID: accessKeyId, S3_SECRET_ACCESS_KEY: secretAccessKey } = env;
  if (accessKeyId === undefined || secretAccessKey === undefined) return undefined;
  const endpoint = env.S3_ENDPOINT ?? null;
  return { bucket: env.S3_BUCKET, endpoint, region: env.S3_REGION, accessKeyId, secretAccessKey };
}
