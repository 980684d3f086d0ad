import * as m from '#domain/messages/compiled/refusals_desk.js';
import { Worker } from 'node:worker_threads';
import { currentLanguage } from '#domain/language.ts';
import { busy, refuse, type Refusal } from '#domain/refusal.ts';
import type { Answer, Message, Start, Task, TaskKind } from './messages.ts';
import { doTask } from './tasks.ts';

/**
 * Whole seating plans are read, written, checked and compared in a thread of their own. JSON of 10 MB alone keeps an
 * event loop for 150 ms, its seats for a second more; meanwhile nobody on this node could hold a seat.
 */
const AT_ONCE = 2;
const WAITING = 8;
const PATIENCE_MS = 60_000;
const MEMORY_MB = 1536;
/** A plan of so many letters or seats takes less time than a thread takes to start, and less than a tick. */
const SMALL_LETTERS = 60_000;
const SMALL_SEATS = 120;

let running = 0;
const queue: (() => void)[] = [];

/** What the task gives; BUSY while many others are at it, INVALID when it takes more time or memory than any hall. */
export async function runPlanTask<K extends TaskKind>(
  task: Task<K> & Task,
  onSeats: (seats: number) => void = () => undefined
): Promise<Answer<K> | Refusal> {
  if (isSmall(task)) return doTask<K>(task, onSeats);
  if (running >= AT_ONCE) {
    if (queue.length >= WAITING) {
      return busy(m.other_plans());
    }
    await new Promise<void>((resolve) => queue.push(resolve));
  } else running++;
  try {
    return (await runThread(task, onSeats)) as Answer<K> | Refusal;
  } finally {
    const next = queue.shift();
    // The place goes from hand to hand.
    if (next) next();
    else running--;
  }
}

function isSmall(task: Task): boolean {
  switch (task.kind) {
    // From outside: nobody knows what is in it.
    case 'read':
      return false;
    case 'generate':
      return task.size <= SMALL_SEATS;
    case 'save':
      return task.body.length <= SMALL_LETTERS;
    case 'compare':
      return task.before.length + task.after.length <= SMALL_LETTERS;
    case 'write':
    case 'publish':
    case 'draft':
      return ('draft' in task.stored ? task.stored.draft : task.stored.geometry).length <= SMALL_LETTERS;
  }
}

function runThread(task: Task, onSeats: (seats: number) => void): Promise<Answer | Refusal> {
  const worker = new Worker(new URL('./worker-start.js', import.meta.url), {
    workerData: { task, language: currentLanguage() } satisfies Start,
    // A loader or a debugger of this thread is not for that one.
    execArgv: [],
    resourceLimits: { maxOldGenerationSizeMb: MEMORY_MB }
  });
  return new Promise<Answer | Refusal>((resolve, reject) => {
    const late = setTimeout(() => {
      resolve(tooMuch(m.plan_too_long()));
    }, PATIENCE_MS);
    worker.on('message', (message: Message) => {
      if (message.kind === 'progress') return onSeats(message.seats);
      clearTimeout(late);
      resolve(message.kind === 'refused' ? refuse('INVALID', message.message, message.details) : message.answer);
    });
    worker.once('error', (error: Error & { code?: string }) => {
      clearTimeout(late);
      if (error.code === 'ERR_WORKER_OUT_OF_MEMORY') resolve(tooMuch(m.plan_too_large()));
      else reject(error);
    });
    worker.once('exit', () => {
      clearTimeout(late);
      reject(new Error('the thread that read a seating plan ended without an answer'));
    });
  }).finally(() => worker.terminate());
}

const tooMuch = (message: string) => refuse('INVALID', message, { errors: [{ path: '', message }] });
