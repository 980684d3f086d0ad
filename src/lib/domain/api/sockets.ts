import { z } from 'zod';
import { checkInCounts, checkInEvent } from '#domain/check-in.ts';
import {
  controlChanged,
  controlCommands,
  controlPulse,
  type ControlCommand,
  type ControlEvents
} from '#domain/control.ts';
import {
  clientCommands,
  hold,
  holdEnded,
  looksEvent,
  ownHold,
  seatsFrame,
  showChanged,
  showNotice,
  versionEvent,
  viewersEvent,
  waitingOffer,
  watchAnswer,
  type ClientCommand,
  type ServerEvents
} from '#domain/protocol.ts';
import { roomPlace, roomState } from '#domain/waiting-room.ts';
import { DETAILS, type ProblemCode } from './problems.ts';

/** Everything that is said over a socket: what a client may say, what it is answered, and what it hears unasked. */
interface Command {
  summary: string;
  payload: z.ZodType;
  /** The ack where it was not refused, less its `ok: true`. */
  answer: z.ZodObject;
}

const { 'show:watch': watch, 'show:unwatch': unwatch } = clientCommands;
const held = z.object({ hold });
const nothing = z.object({});

export const socketCommands: Readonly<Record<ClientCommand | ControlCommand, Command>> = {
  'show:watch': {
    summary: 'Watch a show: the map now, and every change of it from now on',
    payload: watch,
    answer: watchAnswer
  },
  'show:unwatch': { summary: 'Watch it no longer', payload: unwatch, answer: nothing },
  'show:look': {
    summary: 'Say which section you have before you, or none; only the numbers of ten and more are passed on',
    payload: clientCommands['show:look'],
    answer: nothing
  },
  'seats:hold': { summary: 'Hold these seats, all or none', payload: clientCommands['seats:hold'], answer: held },
  'seats:best': { summary: 'Hold the best that are free', payload: clientCommands['seats:best'], answer: held },
  'seats:release': {
    summary: 'Give seats back, or all of them',
    payload: clientCommands['seats:release'],
    answer: z.object({ hold: hold.nullable() })
  },
  'hold:extend': {
    summary: 'Ask for more time',
    payload: clientCommands['hold:extend'],
    answer: z.object({ deadline: z.number().int(), hold })
  },
  'waiting-room:enter': {
    summary: 'Come into a show’s waiting room, or say that you are still there (at least every 30 s)',
    payload: clientCommands['waiting-room:enter'],
    answer: roomPlace
  },
  'waiting-room:leave': {
    summary: 'Give up your place',
    payload: clientCommands['waiting-room:leave'],
    answer: nothing
  },
  'check-in:watch': {
    summary: 'For staff: how many are in, now and whenever that changes',
    payload: clientCommands['check-in:watch'],
    answer: checkInCounts
  },
  'control:watch': {
    summary: 'For those who run the show: how it sells, every second',
    payload: controlCommands['control:watch'],
    answer: z.object({ pulse: controlPulse.nullable() })
  },
  'control:unwatch': { summary: 'No longer', payload: controlCommands['control:unwatch'], answer: nothing }
};

export const socketEvents: Readonly<
  Record<keyof ServerEvents | keyof ControlEvents, { summary: string; payload: z.ZodType }>
> = {
  seats: { summary: 'Seats by their new state', payload: seatsFrame },
  version: {
    summary: 'The version a viewer should have: whoever lost the last frame finds out',
    payload: versionEvent
  },
  'hold:ended': { summary: 'Your hold is over', payload: holdEnded },
  hold: { summary: 'Your hold changed in another of your tabs', payload: ownHold },
  'show:changed': { summary: 'Something about the show is different', payload: showChanged },
  'show:notice': { summary: 'What the organizer has to say', payload: showNotice },
  viewers: { summary: 'How many watch, every five seconds at most', payload: viewersEvent },
  looks: {
    summary: 'Where many look: people by section, of ten and more, in tens, every five seconds at most',
    payload: looksEvent
  },
  'waiting:offer': { summary: 'The waiting list has an offer for you', payload: waitingOffer },
  'waiting-room': { summary: 'How the waiting room stands, once a second at most', payload: roomState },
  'check-in': { summary: 'To gates: how many are in', payload: checkInEvent },
  'control:pulse': { summary: 'To those who run the show: how it sells', payload: controlPulse },
  'control:changed': { summary: 'To those who run the show: what a colleague has done', payload: controlChanged }
};

/** Refusals over a socket. */
const CODES = [
  ...['SEAT_TAKEN', 'CAP_REACHED', 'HOLD_EXPIRED', 'LIMIT_REACHED', 'SALE_PAUSED', 'SALE_CLOSED', 'NOT_FOUND'],
  'NOT_ADMITTED',
  ...['INVALID', 'UNAUTHENTICATED', 'FORBIDDEN', 'RATE_LIMITED', 'BUSY']
] as const satisfies readonly ProblemCode[];

const refusalOf = (code: ProblemCode) =>
  z.object({ ok: z.literal(false), code: z.literal(code), message: z.string(), ...DETAILS[code] });
const [first, ...others] = CODES;
export const refusedAck = z.union([refusalOf(first), ...others.map(refusalOf)]);

/** Every ack that this command may get. */
export const ackOf = (command: Command) => z.union([command.answer.extend({ ok: z.literal(true) }), refusedAck]);
