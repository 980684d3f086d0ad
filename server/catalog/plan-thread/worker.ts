import { parentPort, workerData } from 'node:worker_threads';
import { isRefusal } from '#domain/refusal.ts';
import type { Message, Task } from './messages.ts';
import { doTask } from './tasks.ts';

/** A thread that lives for one task: see thread.ts. */
const say = (message: Message, handOver: ArrayBuffer[] = []) => parentPort?.postMessage(message, handOver);

/** The memory of all bytes in an answer: they are handed over, not copied. */
function memoryOf(value: unknown): ArrayBuffer[] {
  if (ArrayBuffer.isView(value)) return [value.buffer as ArrayBuffer];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(memoryOf) : [];
}

const answer = doTask(workerData as Task, (seats) => say({ kind: 'progress', seats }));
if (isRefusal(answer)) say({ kind: 'refused', message: answer.message, details: { ...answer.details } });
else say({ kind: 'done', answer }, memoryOf(answer));
