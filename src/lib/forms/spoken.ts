/** Labels of a form that is made once and read in the language of each reader. */
export function spoken<Name extends string>(words: Record<Name, () => string>): Readonly<Record<Name, string>> {
  const labels = {} as Record<Name, string>;
  for (const name of Object.keys(words) as Name[]) {
    Object.defineProperty(labels, name, { enumerable: true, get: words[name] });
  }
  return labels;
}
