// Where the thread of worker.ts begins. Plain JavaScript: Node 20 does not run TypeScript.
import { join } from 'node:path';
import { load } from '../../embedded/typescript.js';

await load([join(import.meta.dirname, 'worker.ts')]);
