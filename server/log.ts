import { pino, type Logger } from 'pino';

export type { Logger };

/** JSON lines, or readable ones where a person watches. Secrets and personal data never reach the log. */
export function createLog(level: string, pretty: boolean): Logger {
  return pino({
    level,
    redact: {
      paths: [
        'cookie',
        'authorization',
        'password',
        'token',
        'email',
        '*.cookie',
        '*.authorization',
        '*.password',
        '*.token',
        '*.email'
      ],
      censor: '[hidden]'
    },
    ...(pretty
      ? { transport: { target: 'pino-pretty', options: { ignore: 'pid,hostname', translateTime: 'HH:MM:ss' } } }
      : {})
  });
}
