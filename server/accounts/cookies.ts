import type { Config } from '../config.ts';

/** Under https the names carry __Host-: a browser then takes the cookie only from us, for the whole site, over TLS. */
const prefix = (config: Pick<Config, 'origin'>) => (config.origin.startsWith('https:') ? '__Host-' : '');

export const sessionCookieName = (config: Pick<Config, 'origin'>) => `${prefix(config)}fullhouse_session`;
export const buyerCookieName = (config: Pick<Config, 'origin'>) => `${prefix(config)}fullhouse_buyer`;
