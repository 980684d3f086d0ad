import type { Config } from '../../server/config.ts';

/** A test's Config as the environment of another process, and back. */
export function environmentOf(config: Config): Record<string, string> {
  return {
    MODE: config.mode,
    PORT: '0',
    DATABASE_URL: config.databaseUrl,
    REDIS_URL: config.redisUrl,
    QUEUE_REDIS_URL: config.queueRedisUrl,
    SMTP_URL: config.smtpUrl,
    MAIL_FROM: config.mailFrom,
    SECRET: config.secret,
    HOLD_TTL_MS: String(config.holdTtlMs),
    HOLD_LIMIT_MS: String(config.holdLimitMs),
    OFFER_TTL_MS: String(config.offerTtlMs),
    PAYMENT_TTL_MS: String(config.paymentTtlMs),
    SEATS_PER_BUYER: String(config.seatsPerBuyer),
    REDIS_PREFIX: config.redisPrefix,
    LOG_LEVEL: config.logLevel
  };
}
