import { parentPort, workerData } from 'node:worker_threads';
import { nameSeats, type Plan } from '#domain/plan.ts';
import { parseJson, readPretix } from '#domain/pretix/read.ts';
import { writePretix } from '#domain/pretix/write.ts';
import { isRefusal, type Refusal } from '#domain/refusal.ts';
import type { FileMessage, FileTask } from './messages.ts';

/** A thread that lives for one file: see file-thread.ts. */
const NAMES_PER_PORTION = 5000;

const say = (message: FileMessage, handOver: Uint8Array[] = []) =>
  parentPort?.postMessage(
    message,
    handOver.map(({ buffer }) => buffer as ArrayBuffer)
  );

/** In memory of its own: a small Buffer shares its memory with others, which would be handed over with it. */
const bytes = (value: unknown) => new TextEncoder().encode(JSON.stringify(value));

const sayRefused = ({ message, details }: Refusal) => say({ kind: 'refused', message, details: { ...details } });

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;

/** A body is the file itself, or `{ plan, supplement }` with both files of an export. */
function split(json: unknown): { file: unknown; supplement: unknown } {
  if (isObject(json) && !('zones' in json) && 'plan' in json) {
    return { file: json['plan'], supplement: json['supplement'] };
  }
  return { file: json, supplement: undefined };
}

function read(file: Uint8Array, second: Uint8Array | null) {
  const [parsed, other] = [parseJson(textOf(file)), second && parseJson(textOf(second), 'supplement')];
  if (isRefusal(parsed)) return sayRefused(parsed);
  if (isRefusal(other)) return sayRefused(other);
  const body = split(parsed.json);
  const onSeats = (seats: number) => say({ kind: 'progress', seats });
  const result = readPretix(body.file, { supplement: other ? other.json : body.supplement, onSeats });
  if (isRefusal(result)) return sayRefused(result);
  const { plan, repairs } = result;
  const all = nameSeats(plan).map(({ label, short, tier }) => [label, short, tier]);
  const names: { from: number; json: Uint8Array }[] = [];
  for (let from = 0; from < all.length; from += NAMES_PER_PORTION) {
    names.push({ from, json: bytes(all.slice(from, from + NAMES_PER_PORTION)) });
  }
  const geometry = bytes(plan);
  say({ kind: 'read', name: plan.name, capacity: plan.capacity, seats: plan.seats.length, geometry, names, repairs }, [
    geometry,
    ...names.map(({ json }) => json)
  ]);
}

const textOf = (file: Uint8Array) => new TextDecoder().decode(file);

const task = workerData as FileTask;
if (task.kind === 'read') read(task.file, task.supplement);
else {
  // Stored by us, and checked when it was.
  const written = writePretix(JSON.parse(task.geometry) as Plan);
  const json = bytes(task.part === 'plan' ? written.pretix : written.supplement);
  say({ kind: 'written', json }, [json]);
}
