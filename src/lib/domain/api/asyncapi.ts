import type { z } from 'zod';
import { inputSchema, outputSchemas, type JsonSchema } from './json-schema.ts';
import { ackOf, refusedAck, socketCommands, socketEvents } from './sockets.ts';
import { hold } from '#domain/protocol.ts';

/** The AsyncAPI 3.0 document of the sockets. `receive` and `send` are the server's: it receives commands. */

const WORDS = `Socket.IO 4, websocket only, at \`/socket.io\`. In the handshake the session or buyer cookie, or \`auth: {token}\`
or \`auth: {buyerToken}\`; a socket with none of these may watch and not hold. Every command needs an ack function: the ack is
\`{ok: true, …}\` or \`{ok: false, code, message, …}\`. Frames over 16 kB close the socket.

Every push is a hint: \`seats\` applies if \`epoch\` is yours and \`from\` is your version; else call \`show:watch\` again with
what you have.`;

/** \`seats:hold\` → \`SeatsHold\` */
const nameOf = (event: string) =>
  event
    .split(/[^a-z]/)
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join('');

const CHANNEL = '#/channels/socket';

export function asyncApi(origin: string) {
  const commands = Object.entries(socketCommands).map(([event, command]) => ({
    event,
    name: nameOf(event),
    ...command
  }));
  const events = Object.entries(socketEvents).map(([event, { summary, payload }]) => ({
    ...{ event, name: `${nameOf(event)}Event`, summary, payload }
  }));
  const said: (readonly [string, z.ZodType])[] = [
    ['Hold', hold],
    ['Refused', refusedAck],
    ...commands.map((command) => [`${command.name}Ack`, ackOf(command)] as const),
    ...events.map(({ name, payload }) => [name, payload] as const)
  ];
  const schemas: Record<string, JsonSchema> = {
    ...Object.fromEntries(outputSchemas(new Map(said), true)),
    ...Object.fromEntries(commands.map(({ name, payload }) => [name, inputSchema(payload)]))
  };
  const message = (key: string, name: string, title: string) => [
    key,
    { name, title, payload: { $ref: `#/components/schemas/${key}` } }
  ];
  const messages = Object.fromEntries([
    ...commands.map(({ event, name, summary }) => message(name, event, summary)),
    ...commands.map(({ event, name }) => message(`${name}Ack`, `${event} ack`, `The ack of ${event}`)),
    ...events.map(({ event, name, summary }) => message(name, event, summary))
  ]) as Record<string, object>;
  const inChannel = (key: string) => ({ $ref: `${CHANNEL}/messages/${key}` });
  const { host, protocol } = new URL(origin);
  return {
    asyncapi: '3.0.0',
    info: { title: 'Fullhouse, live', version: '1', description: WORDS, license: { name: 'MIT' } },
    defaultContentType: 'application/json',
    servers: { socket: { host, protocol: protocol === 'https:' ? 'wss' : 'ws', pathname: '/socket.io' } },
    channels: {
      socket: {
        address: '/',
        messages: Object.fromEntries(
          Object.keys(messages).map((key) => [key, { $ref: `#/components/messages/${key}` }])
        )
      }
    },
    operations: Object.fromEntries([
      ...commands.map(({ name, summary }) => [
        name,
        {
          ...{ action: 'receive', channel: { $ref: CHANNEL }, summary, messages: [inChannel(name)] },
          reply: { channel: { $ref: CHANNEL }, messages: [inChannel(`${name}Ack`)] }
        }
      ]),
      ...events.map(({ name, summary }) => [
        name,
        { action: 'send', channel: { $ref: CHANNEL }, summary, messages: [inChannel(name)] }
      ])
    ]) as Record<string, object>,
    components: { messages, schemas }
  };
}
