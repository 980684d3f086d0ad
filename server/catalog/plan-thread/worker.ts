import { parentPort, workerData } from 'node:worker_threads';
import { speakHere } from '#domain/language.ts';
import { isRefusal } from '#domain/refusal.ts';
import type { Message, Start } from './messages.ts';
import { doTask } from './tasks.ts';

/** A thread that lives for one task: see thread.ts. */
const say = (message: Message, handOver: ArrayBuffer[] = []) => parentPort?.postMessage(message, handOver);

/** The memory of all bytes in an answer: they are handed over, not copied. */
function memoryOf(value: unknown): ArrayBuffer[] {
  if (ArrayBuffer.isView(value)) return [value.buffer as ArrayBuffer];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(memoryOf) : [];
}

const { task, language } = workerData as Start;
speakHere(language);
const answer = doTask(task, (seats) => say({ kind: 'progress', seats }));
if (isRefusal(answer)) say({ kind: 'refused', message: answer.message, details: { ...answer.details } });
else say({ kind: 'done', answer }, memoryOf(answer));
