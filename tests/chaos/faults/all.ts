import { deadlineRace, stampede } from './crowds.ts';
import type { Fault } from './fault.ts';
import { awayMail, diesBeforeEnqueue, wipedQueue, workerDiesSending } from './jobs.ts';
import { frozenNode, killedNode, rollingRestart, skewedNode, slowViewers } from './nodes.ts';
import { repeatedWebhooks } from './payments.ts';
import { brokenConnections, fullPostgres, unreachablePostgres } from './postgres.ts';
import { damagedRedis, deafNode, flushedRedis, foreignKeys, forgottenScripts } from './redis.ts';
import { failedOverRedis, frozenRedis, fullRedis, killedRedis } from './redis-process.ts';

export const FAULTS: readonly Fault[] = [
  ...[killedNode, killedRedis, flushedRedis, damagedRedis, failedOverRedis, forgottenScripts, foreignKeys],
  ...[brokenConnections, unreachablePostgres, frozenNode, frozenRedis, slowViewers, skewedNode, repeatedWebhooks],
  ...[workerDiesSending, diesBeforeEnqueue, wipedQueue, awayMail, rollingRestart, deafNode, fullRedis, fullPostgres],
  ...[stampede, deadlineRace]
];

/** The most telling ones, in the order that lets what they leave behind be done while the others go on. */
export const SHORT: readonly Fault[] = [
  ...[brokenConnections, wipedQueue, diesBeforeEnqueue, killedNode, flushedRedis, forgottenScripts, killedRedis]
];
