import type { Random } from './random.ts';

/** Who the buyers are. What each does is in personas.ts. */
export const PERSONAS = {
  picker: 'clicks one to four seats, one after the other',
  best: 'asks for the best one to four together',
  group: 'clicks four to six neighbours at once',
  abandoner: 'holds seats and goes away; comes back as somebody else',
  double: 'clicks twice and pays twice, as impatient people do',
  late: 'pays when the time to pay is over',
  reconnecter: 'loses the connection with seats in hand, and comes back for them',
  watcher: 'only watches, and checks every frame',
  bot: 'takes what it can under many names at once, all on one network; lets a part run out'
} as const;
export type Persona = keyof typeof PERSONAS;

export type Mix = Readonly<Record<Persona, number>>;
const NAMES = Object.keys(PERSONAS) as Persona[];
export const isPersona = (name: string): name is Persona => Object.hasOwn(PERSONAS, name);

export const USUAL_MIX: Mix = {
  ...{ picker: 4, best: 3, group: 1, abandoner: 1 },
  ...{ double: 0.5, late: 0.2, reconnecter: 0.5, watcher: 0.3, bot: 0 }
};

/** `picker=4,best=3`: weights; whoever is not named does not come. Throws with the one line to print. */
export function parseMix(text: string): Mix {
  const mix: Record<Persona, number> = {
    picker: 0,
    best: 0,
    group: 0,
    abandoner: 0,
    double: 0,
    late: 0,
    reconnecter: 0,
    watcher: 0,
    bot: 0
  };
  for (const part of text.split(',')) {
    const [name = '', weight = '', ...rest] = part.trim().split('=');
    if (!isPersona(name)) throw new Error(`there is no persona "${name}"; there are ${NAMES.join(', ')}`);
    const value = Number(weight);
    if (weight === '' || rest.length > 0 || !(value >= 0 && value < Infinity))
      throw new Error(`"${part.trim()}" is not a persona and its weight, such as ${name}=3`);
    mix[name] = value;
  }
  if (NAMES.every((name) => mix[name] === 0)) throw new Error('somebody has to come');
  return mix;
}

/** How many of each of `count` buyers: the weights' shares, with what is left over given to the largest remainders. */
export function shareOut(mix: Mix, count: number): Record<Persona, number> {
  const sum = NAMES.reduce((total, name) => total + mix[name], 0);
  const exact = NAMES.map((name) => ({ name, share: (mix[name] / sum) * count }));
  const shares = Object.fromEntries(exact.map(({ name, share }) => [name, Math.floor(share)])) as Record<
    Persona,
    number
  >;
  let left = count - NAMES.reduce((total, name) => total + shares[name], 0);
  exact.sort((a, b) => (b.share % 1) - (a.share % 1));
  for (const { name } of exact) {
    if (left-- <= 0) break;
    shares[name]++;
  }
  return shares;
}

/** Shuffles in place (Fisher and Yates). */
export function shuffle<T>(list: T[], random: Random): T[] {
  for (let n = list.length - 1; n > 0; n--) {
    const other = Math.floor(random() * (n + 1));
    [list[n], list[other]] = [list[other] as T, list[n] as T];
  }
  return list;
}
