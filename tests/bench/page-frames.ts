import type { Page } from '@playwright/test';

declare global {
  /** What the recorder leaves in the page. */
  var benchFrames: { at: number[]; work: number[]; stop: () => void } | undefined;
}

/** Notes every frame of the page from now on. */
export async function recordFrames(page: Page): Promise<void> {
  await page.evaluate(() => {
    const frames = { at: [] as number[], work: [] as number[], stop: () => undefined as void };
    const after = new MessageChannel();
    let began = 0;
    let running = true;
    // What is posted in a frame comes when the frame is painted and handed on.
    after.port1.onmessage = () => {
      frames.work.push(performance.now() - began);
    };
    const frame = (at: number) => {
      if (!running) return;
      began = performance.now();
      frames.at.push(at);
      after.port2.postMessage(null);
      requestAnimationFrame(frame);
    };
    frames.stop = () => {
      running = false;
    };
    requestAnimationFrame(frame);
    globalThis.benchFrames = frames;
  });
}

/** Milliseconds between two frames, and milliseconds that the page's thread was busy with each. */
export async function readFrames(page: Page): Promise<{ between: number[]; work: number[] }> {
  const { at, work } = await page.evaluate(() => {
    const frames = globalThis.benchFrames;
    frames?.stop();
    return { at: frames?.at ?? [], work: frames?.work ?? [] };
  });
  if (at.length < 10) throw new Error(`the page drew ${at.length} frames only`);
  return { between: at.slice(1).map((time, n) => time - (at[n] ?? time)), work };
}
