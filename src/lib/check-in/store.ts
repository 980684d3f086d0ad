import type { GateList } from '#domain/check-in.ts';

/** What a gate keeps in the browser for the time without a network: the list of its show, and whom it let in. */
export type Listed = GateList['items'][number];
export interface Waiting {
  code: string;
  at: string;
  attempt: string;
  label: string;
  attendee: string;
}

const NAME = 'fullhouse-gate';

export interface GateStore {
  /** Puts the whole list in the place of the last one. */
  keep(list: readonly Listed[]): Promise<void>;
  find(by: 'code' | 'short', hash: string): Promise<Listed | null>;
  size(): Promise<number>;
  /** Marks the ticket and remembers the admission, both or neither; null when another was first. */
  admit(ticket: Listed, waiting: Waiting): Promise<boolean>;
  waiting(): Promise<Waiting[]>;
  forget(codes: readonly string[]): Promise<void>;
}

const answer = <T>(request: IDBRequest<T>): Promise<T> =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error ?? new Error('the browser’s store failed'));
  });
const ended = (work: IDBTransaction): Promise<void> =>
  new Promise((resolve, reject) => {
    work.oncomplete = () => resolve();
    work.onabort = work.onerror = () => reject(work.error ?? new Error('the browser’s store failed'));
  });

export async function openGateStore(showId: string): Promise<GateStore> {
  const opening = indexedDB.open(`${NAME}-${showId}`, 1);
  opening.onupgradeneeded = () => {
    const tickets = opening.result.createObjectStore('ticket', { keyPath: 'code' });
    tickets.createIndex('short', 'short');
    opening.result.createObjectStore('waiting', { keyPath: 'code' });
  };
  const db = await answer(opening);
  const on = (name: string, mode: IDBTransactionMode = 'readonly') => db.transaction(name, mode).objectStore(name);

  return {
    async keep(list) {
      const work = db.transaction('ticket', 'readwrite');
      const tickets = work.objectStore('ticket');
      tickets.clear();
      for (const ticket of list) tickets.put(ticket);
      await ended(work);
    },
    async find(by, hash) {
      const tickets = on('ticket');
      const found: unknown = await answer(by === 'code' ? tickets.get(hash) : tickets.index('short').get(hash));
      // Only `keep` writes there.
      return (found as Listed | undefined) ?? null;
    },
    size: () => answer(on('ticket').count()),
    async admit(ticket, waiting) {
      const work = db.transaction(['ticket', 'waiting'], 'readwrite');
      const tickets = work.objectStore('ticket');
      const now = (await answer(tickets.get(ticket.code))) as Listed | undefined;
      if (!now || now.at !== null) return false;
      tickets.put({ ...now, at: waiting.at });
      work.objectStore('waiting').put(waiting);
      await ended(work);
      return true;
    },
    waiting: () => answer(on('waiting').getAll()) as Promise<Waiting[]>,
    async forget(codes) {
      const work = db.transaction('waiting', 'readwrite');
      for (const code of codes) work.objectStore('waiting').delete(code);
      await ended(work);
    }
  };
}
