import { stat, writeFile } from 'node:fs/promises';
import sharp from 'sharp';

/** Pictures for a README: small files, for people who only came by. */
const FILM = { width: 900, most: 2_000_000, frameMs: 100, lastMs: 2500 };
const STILL = { most: 200_000 };
/** From the best down, until the file is small enough. */
const QUALITIES = [80, 70, 60, 50, 40, 30];

async function smallest(file: string, most: number, make: (quality: number) => Promise<Buffer>): Promise<string> {
  for (const quality of QUALITIES) {
    const data = await make(quality);
    if (data.length > most) continue;
    await writeFile(file, data);
    return `${file}: ${Math.round((await stat(file)).size / 1000)} kB, quality ${quality}`;
  }
  throw new Error(`${file} does not get smaller than ${most} bytes`);
}

/** One after the other, the last one longest: what it came to is to be seen. */
export async function writeFilm(file: string, shots: readonly Buffer[]): Promise<string> {
  const frames = await Promise.all(shots.map((shot) => sharp(shot).resize({ width: FILM.width }).png().toBuffer()));
  const delay = frames.map((_, n) => (n === frames.length - 1 ? FILM.lastMs : FILM.frameMs));
  return smallest(file, FILM.most, (quality) =>
    sharp(frames, { join: { animated: true } })
      .webp({ quality, delay, loop: 0, effort: 4 })
      .toBuffer()
  );
}

export const writeStill = (file: string, shot: Buffer): Promise<string> =>
  smallest(file, STILL.most, (quality) => sharp(shot).webp({ quality, effort: 6 }).toBuffer());
