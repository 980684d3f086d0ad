import { randomUUID } from 'node:crypto';
import { mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { isPictureName, type PictureStorage } from './storage.ts';

const isMissing = (error: unknown) => error instanceof Error && 'code' in error && error.code === 'ENOENT';

/** Files in DATA_DIR/pictures. Nodes that serve the same site must share that folder. */
export function diskStorage(dataDir: string): PictureStorage {
  const folder = join(dataDir, 'pictures');
  const pathOf = (name: string) => {
    if (!isPictureName(name)) throw new Error(`not the name of a picture: ${name}`);
    return join(folder, name);
  };

  return {
    async put(name, bytes) {
      const path = pathOf(name);
      await mkdir(folder, { recursive: true });
      // Whole on the disk before it has its name: a crash leaves a file that nobody asks for.
      const unfinished = `${path}.${randomUUID()}.part`;
      try {
        const file = await open(unfinished, 'wx');
        try {
          await file.writeFile(bytes);
          await file.sync();
        } finally {
          await file.close();
        }
        await rename(unfinished, path);
      } catch (error) {
        await rm(unfinished, { force: true });
        throw error;
      }
    },

    async get(name) {
      try {
        return await readFile(pathOf(name));
      } catch (error) {
        if (isMissing(error)) return null;
        throw error;
      }
    },

    remove: (name) => rm(pathOf(name), { force: true })
  };
}
