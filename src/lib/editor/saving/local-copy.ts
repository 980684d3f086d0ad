import type { PlanDraft } from '#domain/plan-draft/draft.ts';

/** Work that the server does not have yet, kept in this browser: a tab that crashes loses nothing. */
export interface LocalCopy {
  planId: string;
  /** The version of the server's draft that this was made from. */
  version: number;
  draft: PlanDraft;
}

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

export const readCopy = (planId: string): Promise<LocalCopy | null> =>
  run('readonly', (store) => store.get(planId) as IDBRequest<LocalCopy | undefined>).then((copy) => copy ?? null);
export const keepCopy = (copy: LocalCopy) => run('readwrite', (store) => store.put(copy));
export const dropCopy = (planId: string) => run('readwrite', (store) => store.delete(planId));
