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

/** Of a screen that shows 60 a second, as the browser without a screen does. */
const FRAME_MS = 1000 / 60;

/**
 * From one frame to the next. The browser tells the time in tenths of a millisecond, so that one frame reads as 16.6 to
 * 16.8 ms: whole frames are what passed.
 */
const inFrames = (ms: number) => Math.round(Math.round(ms / FRAME_MS) * FRAME_MS * 10) / 10;

/** Milliseconds between two frames, and milliseconds that the page's thread was busy with each. */
export async function readFrames(page: Page): Promise<{ between: number[]; work: number[] }> {
  const { at, work } = await page.evaluate(() => {
    const frames = globalThis.benchFrames;
    frames?.stop();
    return { at: frames?.at ?? [], work: frames?.work ?? [] };
  });
  if (at.length < 10) throw new Error(`the page drew ${at.length} frames only`);
  return { between: at.slice(1).map((time, n) => inFrames(time - (at[n] ?? time))), work };
}
