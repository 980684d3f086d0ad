export { longDay, shortTime } from '#domain/time.ts';
