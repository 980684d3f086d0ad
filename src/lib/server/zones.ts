/** Names that runtimes still list under their older spelling, and that people look for. */
const NEWER = ['America/Nuuk', 'Asia/Ho_Chi_Minh', 'Asia/Kathmandu', 'Asia/Kolkata', 'Asia/Yangon', 'Europe/Kyiv'];

/** What the form of a venue offers, with the zone it has now. */
export const timeZones = (now?: string): string[] =>
  [...new Set([...Intl.supportedValuesOf('timeZone'), ...NEWER, 'UTC', ...(now ? [now] : [])])].sort();
