import { Worker } from 'node:worker_threads';
import { busy, refuse, type Refusal } from '#domain/refusal.ts';
import type { FileMessage, FileTask, ReadPlan, WrittenFile } from './messages.ts';

/**
 * Files of seating plans are read and written in a thread of their own. JSON of 10 MB alone keeps an event loop for
 * 150 ms, its seats for a second more; meanwhile nobody on this node could hold a seat.
 */
const AT_ONCE = 2;
const PATIENCE_MS = 60_000;
const MEMORY_MB = 1536;
let running = 0;

/** What reading or writing gives; BUSY while two others are at it, or when it takes more time or memory than any hall. */
export async function runFileTask(
  task: FileTask,
  onSeats: (seats: number) => void = () => undefined
): Promise<ReadPlan | WrittenFile | Refusal> {
  if (running >= AT_ONCE) return busy('Other seating plans are being read right now. Please try again in a moment.');
  running++;
  try {
    return await runThread(task, onSeats);
  } finally {
    running--;
  }
}

function runThread(task: FileTask, onSeats: (seats: number) => void): Promise<ReadPlan | WrittenFile | Refusal> {
  const worker = new Worker(new URL('./file-worker-start.js', import.meta.url), {
    workerData: task,
    // A loader or a debugger of this thread is not for that one.
    execArgv: [],
    resourceLimits: { maxOldGenerationSizeMb: MEMORY_MB }
  });
  return new Promise<ReadPlan | WrittenFile | Refusal>((resolve, reject) => {
    const late = setTimeout(() => {
      resolve(tooMuch('This file takes too long to read.'));
    }, PATIENCE_MS);
    worker.on('message', (message: FileMessage) => {
      if (message.kind === 'progress') return onSeats(message.seats);
      clearTimeout(late);
      resolve(message.kind === 'refused' ? refuse('INVALID', message.message, message.details) : message);
    });
    worker.once('error', (error: Error & { code?: string }) => {
      clearTimeout(late);
      if (error.code === 'ERR_WORKER_OUT_OF_MEMORY') resolve(tooMuch('This file needs too much memory.'));
      else reject(error);
    });
    worker.once('exit', () => {
      clearTimeout(late);
      reject(new Error('the thread that read a seating plan ended without an answer'));
    });
  }).finally(() => worker.terminate());
}

const tooMuch = (message: string) => refuse('INVALID', message, { errors: [{ path: '', message }] });
