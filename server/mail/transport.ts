import { createHash } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { isUnavailable, type Sql } from '../db/database.ts';
import { faultPoint } from '../booking/fault-points.ts';
import type { Logger } from '../log.ts';
import type { Metrics } from '../metrics.ts';
import { inSpan } from '../tracing/spans.ts';
import type { Recipient } from './addresses.ts';
import { BeingSent, property, responseCode, wasNotTransmitted } from './failure.ts';

/** What a template makes. Pictures are shown in the text by `cid:<cid>`. */
export interface Letter {
  subject: string;
  html: string;
  text: string;
  pictures?: { cid: string; filename: string; png: Buffer }[];
  files?: { filename: string; contentType: string; content: Buffer }[];
}

export interface Outgoing {
  /** What makes this mail one and the same, however often it is asked for: `confirmation:<booking id>`. */
  dedupeKey: string;
  to: Recipient;
  /** Or how to write it, once it is ours to send: pictures and files cost more than all the rest. Null: nothing to say any more. */
  letter: Letter | (() => Promise<Letter | null>);
}

export interface Transport {
  /** True when a mail of this key has gone out, or never will: nothing is left to do. */
  isDone(dedupeKey: string): Promise<boolean>;
  /**
   * Sends unless it has been sent. Throws when the mail server cannot be reached or another process has begun
   * sending, so that the job tries again later.
   */
  send(mail: Outgoing): Promise<void>;
  /** There is nobody to send it to: noted, and done with. */
  giveUp(dedupeKey: string, address: string, why: string): Promise<void>;
  close(): Promise<void>;
}

const TIMEOUT_MS = 10_000;

/** What the server has said is written down for so long, while Postgres is away, and this often tried (ms). */
const NOTE_FOR_MS = 600_000;
const NOTE_EVERY_MS = 250;

/**
 * SMTP behind a claim: who inserts the row of a mail sends it and marks it. A process that dies between the two
 * leaves a claim, which another takes over after `resendAfterMs`; so a mail can arrive twice only when the process
 * died just after the server had taken it, or Postgres was away just then and more than one worker runs, and then both
 * copies have the same Message-ID.
 */
export function createMailTransport(parts: {
  db: Sql;
  smtpUrl: string;
  from: string;
  resendAfterMs: number;
  metrics?: Pick<Metrics, 'emails' | 'emailDuplicates'> | undefined;
  log: Logger;
}): Transport {
  const { db, from, resendAfterMs, metrics, log } = parts;
  let pool: ReturnType<typeof openPool> | undefined;
  const smtp = () => (pool ??= openPool(parts.smtpUrl, log));
  const host = /@([A-Za-z0-9.-]+)/.exec(from)?.[1] ?? 'fullhouse.localhost';
  /** Taken by the server, and not written down yet: no second job of this process may send them. */
  const unwritten = new Set<string>();
  const messageIdOf = (key: string) => `<${createHash('sha256').update(key).digest('hex').slice(0, 40)}@${host}>`;

  async function claim(key: string, to: Recipient): Promise<'ours' | 'done' | 'others'> {
    const claimed = await db.query(
      `insert into email_sent (dedupe_key, message_id, recipient) values ($1, $2, $3)
       on conflict (dedupe_key) do update set claimed_at = now()
         where email_sent.sent_at is null and email_sent.rejected is null
           and email_sent.claimed_at <= now() - make_interval(secs => $4::double precision / 1000)`,
      [key, messageIdOf(key), to.address, resendAfterMs]
    );
    if (claimed.rowCount === 1) return 'ours';
    return (await isDone(key)) ? 'done' : 'others';
  }

  async function isDone(key: string): Promise<boolean> {
    const found = await db.query(
      'select 1 from email_sent where dedupe_key = $1 and (sent_at is not null or rejected is not null)',
      [key]
    );
    return found.rowCount === 1;
  }

  async function noteSent(key: string): Promise<void> {
    unwritten.add(key);
    try {
      for (const until = performance.now() + NOTE_FOR_MS; ; await pause(NOTE_EVERY_MS, undefined, { ref: false })) {
        try {
          return void (await db.query('update email_sent set sent_at = now() where dedupe_key = $1', [key]));
        } catch (error) {
          if (!isUnavailable(error) || performance.now() > until) throw error;
        }
      }
    } finally {
      unwritten.delete(key);
    }
  }

  // Over before anyone may take the claim over: a slow server does not get the mail from two of us.
  const sendWithinMs = 0.75 * resendAfterMs;

  const letGo = (key: string) => db.query('delete from email_sent where dedupe_key = $1 and sent_at is null', [key]);

  async function written(key: string, given: Outgoing['letter']): Promise<Letter | null> {
    if (typeof given !== 'function') return given;
    try {
      const letter = await given();
      if (!letter) await letGo(key);
      return letter;
    } catch (error) {
      await letGo(key);
      throw error;
    }
  }

  /** The server has certainly not taken the mail: let the next try begin at once, or note that there is no use in one. */
  async function refused(key: string, error: Error): Promise<void> {
    const code = responseCode(error);
    if (code !== null && isForGood(error, code)) {
      log.error({ err: error, mail: key }, 'the mail server will not take a mail');
      await db.query('update email_sent set rejected = $2 where dedupe_key = $1', [key, error.message.slice(0, 500)]);
      return;
    }
    if (code !== null || wasNotTransmitted(error)) {
      await letGo(key);
    }
    throw error;
  }

  return {
    async isDone(key) {
      const done = await isDone(key);
      if (done) metrics?.emailDuplicates.inc();
      return done;
    },

    async send({ dedupeKey, to, letter: given }) {
      if (unwritten.has(dedupeKey)) throw new BeingSent('this mail has gone out, and could not be written down yet');
      const claimed = await claim(dedupeKey, to);
      if (claimed === 'done') return void metrics?.emailDuplicates.inc();
      if (claimed === 'others') throw new BeingSent('another process has begun to send this mail');
      faultPoint('mail:after-claim');
      const letter = await written(dedupeKey, given);
      if (!letter) return;
      try {
        const message = {
          ...{ from, to, subject: letter.subject, html: letter.html, text: letter.text },
          messageId: messageIdOf(dedupeKey),
          signal: AbortSignal.timeout(sendWithinMs),
          headers: { 'Auto-Submitted': 'auto-generated', 'X-Auto-Response-Suppress': 'All' },
          attachments: [
            ...(letter.pictures ?? []).map(({ cid, filename, png }) => ({
              ...{ cid, filename, content: png },
              contentType: 'image/png',
              contentDisposition: 'inline' as const
            })),
            ...(letter.files ?? [])
          ]
        };
        await inSpan('smtp send', async () => (await smtp()).sendMail(message), { insideOnly: true });
      } catch (error) {
        if (!(error instanceof Error)) throw error;
        return refused(dedupeKey, error);
      }
      faultPoint('mail:after-send');
      metrics?.emails.inc();
      await noteSent(dedupeKey);
    },

    async giveUp(key, address, why) {
      await db.query(
        `insert into email_sent (dedupe_key, message_id, recipient, rejected) values ($1, $2, $3, $4)
         on conflict (dedupe_key) do nothing`,
        [key, messageIdOf(key), address, why]
      );
    },

    async close() {
      (await pool)?.close();
    }
  };
}

/** Loaded with the first mail: a process that serves pages alone sends none. */
async function openPool(url: string, log: Logger) {
  const { createTransport } = await import('nodemailer');
  const smtp = createTransport({
    url,
    pool: true,
    maxConnections: 5,
    // A message that broke off is sent again by us, who know whether it may be.
    maxRequeues: 0,
    idleTimeout: 30_000,
    connectionTimeout: TIMEOUT_MS,
    greetingTimeout: TIMEOUT_MS,
    socketTimeout: 2 * TIMEOUT_MS,
    disableFileAccess: true,
    disableUrlAccess: true
  });
  // A connection of the pool that breaks is replaced with the next mail.
  smtp.on('error', (error: Error) => log.warn({ err: error }, 'lost a connection to the mail server'));
  return smtp;
}

/** About this mail or its one recipient, as opposed to our sender, our login or the server's state. */
function isForGood(error: Error, code: number): boolean {
  if (property(error, 'command') === 'RCPT TO') return [550, 551, 553].includes(code);
  return property(error, 'code') === 'EMESSAGE' && code >= 500;
}
