import type { Config } from '../config.ts';
import { diskStorage } from './storage-disk.ts';
import { s3Storage } from './storage-s3.ts';

/** Where the files of pictures are. A name is written once and never changed. */
export interface PictureStorage {
  /** When it resolves the file is there for good; before that nobody sees a part of it. */
  put(name: string, bytes: Uint8Array, type: string): Promise<void>;
  get(name: string): Promise<Uint8Array | null>;
  /** What is not there is removed already. */
  remove(name: string): Promise<void>;
}

/** The only names there are: no path, nothing from outside. */
export const isPictureName = (name: string) => /^[0-9a-z]{24}-(480|960|1600)\.(webp|jpg)$/.test(name);

export const openStorage = (config: Pick<Config, 'dataDir' | 's3'>): PictureStorage =>
  config.s3 ? s3Storage(config.s3) : diskStorage(config.dataDir);
