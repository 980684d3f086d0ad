import { pino, type Logger } from 'pino';

export type { Logger };

/** Mail servers repeat whom they refuse, and drivers the address they cannot reach, with its password. */
const plainText = (text: string | undefined) =>
  text?.replaceAll(/:\/\/[^\s/@]*@/g, '://[hidden]@').replaceAll(/[\w.%+-]+@[\w-]+(?:\.[\w-]+)+/g, '[hidden]');

/** What of an error is worth a line. Drivers hang their whole connection on theirs, with addresses and buffers. */
function plainError(error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  const code: unknown = Reflect.get(error, 'code');
  return {
    type: error.name,
    message: plainText(error.message),
    ...(code === undefined ? {} : { code }),
    stack: plainText(error.stack),
    ...(error.cause === undefined ? {} : { cause: plainError(error.cause) })
  };
}

/** JSON lines, or readable ones where a person watches. Secrets and personal data never reach the log. */
export function createLog(level: string, pretty: boolean): Logger {
  return pino({
    level,
    serializers: { err: plainError },
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
