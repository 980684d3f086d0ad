/** Does one piece of work after the other, with at most `waiting` behind it; undefined: too many wait already. */
export function oneAtATime(waiting: number) {
  let last: Promise<unknown> = Promise.resolve();
  let count = 0;
  return async <T>(work: () => Promise<T>): Promise<T | undefined> => {
    if (count > waiting) return undefined;
    count++;
    const mine = last.then(work).finally(() => count--);
    last = mine.catch(() => undefined);
    return mine;
  };
}
