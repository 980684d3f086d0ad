// `node server/embedded/run.js [--with FILE]… FILE [arguments]`: a TypeScript file as a program. Those named by --with are loaded
// before it, and share their modules with it.
import { resolve } from 'node:path';
import { compileMessages } from './messages.js';
import { load } from './typescript.js';

const words = process.argv.slice(2);
/** @type {string[]} */
const files = [];
while (words[0] === '--with') files.push(resolve(words.splice(0, 2)[1] ?? ''));
const [entry, ...rest] = words;
if (!entry) throw new Error('Name the file to run.');
process.argv = [process.execPath, resolve(entry), ...rest];
await compileMessages();
await load([...files, resolve(entry)]);
