// Where the thread of worker.ts begins. Plain JavaScript: Node 20 does not run TypeScript, and a loader named in
// execArgv does not reach a thread there.
if (!Reflect.get(process.features, 'typescript')) {
  const { register } = await import('tsx/esm/api');
  register();
}
await import('./worker.ts');

// A module, for TypeScript too.
export {};
