type Environment = Readonly<Record<string, string | undefined>>;

/** A setting of the environment; one that is set but empty counts as one that is not set, as in config.ts. */
export const setting = (name: string, env: Environment) => (env[name] === '' ? undefined : env[name]);

export const USUAL_DATA_DIR = '.data';
export const dataDirOf = (env: Environment): string => setting('DATA_DIR', env) ?? USUAL_DATA_DIR;
