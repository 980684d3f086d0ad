import { z } from 'zod';
import { planDraft } from '#domain/plan-draft/draft.ts';

/** Work that the server does not have yet, kept in this browser: a tab that crashes loses nothing. */
const localCopy = z.object({
  planId: z.string(),
  /** The version of the server's draft that this was made from. */
  version: z.number(),
  draft: planDraft
});
type LocalCopy = z.infer<typeof localCopy>;

const STORE = 'drafts';

function open(): Promise<IDBDatabase> {
  return new Promise((opened, failed) => {
    const request = indexedDB.open('fullhouse-editor', 1);
    request.onupgradeneeded = () => request.result.createObjectStore(STORE, { keyPath: 'planId' });
    request.onsuccess = () => opened(request.result);
    request.onerror = () => failed(request.error ?? new Error('no IndexedDB'));
  });
}

async function run<T>(mode: IDBTransactionMode, work: (store: IDBObjectStore) => IDBRequest<T>): Promise<T | null> {
  try {
    const db = await open();
    return await new Promise<T>((done, failed) => {
      const transaction = db.transaction(STORE, mode);
      const request = work(transaction.objectStore(STORE));
      transaction.oncomplete = () => done(request.result);
      transaction.onabort = () => failed(transaction.error ?? new Error('not kept'));
    }).finally(() => db.close());
  } catch {
    // A browser that keeps nothing (private windows, a full disk): the server still has what was saved.
    return null;
  }
}

/** What was kept; null also for what an older editor kept in another form. */
export async function readCopy(planId: string): Promise<LocalCopy | null> {
  const kept: unknown = await run('readonly', (store): IDBRequest<unknown> => store.get(planId));
  return localCopy.safeParse(kept).data ?? null;
}
export const keepCopy = (copy: LocalCopy) => run('readwrite', (store) => store.put(copy));
export const dropCopy = (planId: string) => run('readwrite', (store) => store.delete(planId));
