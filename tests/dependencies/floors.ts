import { z } from 'zod';

/**
 * The lowest versions without a known advisory of the packages whose advisories would matter here, wherever in the tree
 * and for whatever they are there: a development dependency runs on the machines that build what is deployed.
 */
export const FLOORS: Readonly<Record<string, string>> = {
  '@sveltejs/kit': '2.57.1',
  '@sveltejs/adapter-node': '5.5.0',
  svelte: '5.53.6',
  devalue: '5.9.2',
  'socket.io-parser': '4.2.7',
  'engine.io': '6.6.9',
  ws: '8.21.0',
  nodemailer: '9.1.1',
  vite: '8.0.16',
  cookie: '0.7.0'
};

const lock = z.object({
  packages: z.record(z.string(), z.object({ version: z.string().optional(), name: z.string().optional() }))
});

/** Less than zero where `a` comes before `b`; a pre-release comes before its release. */
export function compareVersions(a: string, b: string): number {
  const [[oneNumbers, onePre], [otherNumbers, otherPre]] = [a, b].map((version) => {
    const [numbers = '', ...pre] = version.split('+')[0]?.split('-') ?? [];
    return [numbers.split('.').map(Number), pre.join('-')] as const;
  }) as [readonly [number[], string], readonly [number[], string]];
  for (let n = 0; n < 3; n++) {
    const difference = (oneNumbers[n] ?? 0) - (otherNumbers[n] ?? 0);
    if (difference !== 0) return difference;
  }
  return (onePre === '' ? 1 : 0) - (otherPre === '' ? 1 : 0);
}

/** What a package-lock.json would install below a floor, one line each; also a floor of what is not there any more. */
export function belowFloors(lockfile: unknown, floors: Readonly<Record<string, string>> = FLOORS): string[] {
  const { packages } = lock.parse(lockfile);
  const found = new Set<string>();
  const below = Object.entries(packages).flatMap(([path, { version, name }]) => {
    // An alias is installed under another name than its own.
    const called = name ?? path.split('node_modules/').at(-1) ?? '';
    const floor = path.includes('node_modules/') ? floors[called] : undefined;
    if (floor === undefined || version === undefined) return [];
    found.add(called);
    return compareVersions(version, floor) < 0 ? [`${path} is ${version}, and has advisories below ${floor}`] : [];
  });
  const gone = Object.keys(floors).filter((name) => !found.has(name));
  return [
    ...below,
    ...gone.map((name) => `${name} is not in the lock: take its floor out of tests/dependencies/floors.ts`)
  ];
}
