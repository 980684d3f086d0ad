import type { Socket } from 'socket.io-client';
import type { CheckInCounts } from '#domain/check-in.ts';
import type { ClientCommand, CommandPayload, Hold, ServerEvents, WatchAnswer } from '#domain/protocol.ts';
import { currentLanguage } from '#domain/language.ts';
import type { RefusalCode } from '#domain/refusal.ts';
import type { SeatIndex } from '#domain/seat-map.ts';
import type { RoomPlace } from '#domain/waiting-room.ts';
import { startOverIfUpdated } from '$lib/components/start-over.ts';

/** The socket to the server, with the contract's types. */
interface Answers {
  'show:watch': WatchAnswer;
  'show:unwatch': object;
  'show:look': object;
  'seats:hold': { hold: Hold };
  'seats:best': { hold: Hold };
  'seats:release': { hold: Hold | null };
  'hold:extend': { deadline: number; hold: Hold };
  'waiting-room:enter': RoomPlace;
  'waiting-room:leave': object;
  'check-in:watch': CheckInCounts;
}

export interface Refused {
  ok: false;
  code: RefusalCode;
  message: string;
  seats?: SeatIndex[];
  alternatives?: SeatIndex[][];
}
export type Ack<C extends ClientCommand> = ({ ok: true } & Answers[C]) | Refused;

type Commands = { [C in ClientCommand]: (payload: CommandPayload<C>, ack: (answer: Ack<C>) => void) => void };
type Events = { [E in keyof ServerEvents]: (event: ServerEvents[E]) => void };
export type ShowSocket = Socket<Events, Commands>;

export const ANSWER_MS = 5000;
const AGAIN_MS = 2000;

/** Cookies say who we are, but in a frame on another site, where a token does. Websocket only: the server speaks nothing else. */
async function connect(buyerToken?: string): Promise<ShowSocket> {
  // A page is there before it is live: what only the socket needs comes after it.
  const { io } = await import('socket.io-client');
  return io({
    ...{ transports: ['websocket'], reconnectionDelayMax: 5000 },
    auth: { language: currentLanguage(), ...(buyerToken ? { buyerToken } : {}) }
  });
}

/**
 * Connects for as long as a page wants it: `meet` is given the socket once it is here, and the function that is returned
 * closes it, also one that is still to come.
 */
export function connected(meet: (socket: ShowSocket) => void, buyerToken?: string): () => void {
  let socket: ShowSocket | undefined;
  let again: ReturnType<typeof setTimeout> | undefined;
  let closed = false;
  const open = () => {
    void connect(buyerToken).then(
      (made) => {
        socket = made;
        if (closed) made.close();
        else meet(made);
      },
      // The line was lost between the page and this part of it, or the site is another one by now.
      async () => {
        if (!(await startOverIfUpdated()) && !closed) again = setTimeout(open, AGAIN_MS);
      }
    );
  };
  open();
  return () => {
    closed = true;
    clearTimeout(again);
    socket?.close();
  };
}
