import wasmUrl from 'zxing-wasm/reader/zxing_reader.wasm?url';

/** What a camera's picture says in a QR code, or null. */
export type QrReader = (picture: HTMLVideoElement) => Promise<string | null>;

interface NativeDetector {
  detect(picture: HTMLVideoElement): Promise<{ rawValue: string }[]>;
}
type NativeDetectors = (new (options: { formats: string[] }) => NativeDetector) & {
  getSupportedFormats(): Promise<string[]>;
};

let opened: Promise<QrReader> | undefined;

/**
 * The browser's own reader where it has one (Android, macOS), else ZXing as WebAssembly, served by us. A gate asks for
 * it when it opens: later there may be no network to fetch it from.
 */
export function openQrReader(): Promise<QrReader> {
  opened ??= chooseReader();
  // What could not be fetched now is tried again the next time.
  opened.catch(() => (opened = undefined));
  return opened;
}

async function chooseReader(): Promise<QrReader> {
  // Not in TypeScript's DOM types: the browser decides what is there.
  const Native = Reflect.get(globalThis, 'BarcodeDetector') as NativeDetectors | undefined;
  if (Native && (await Native.getSupportedFormats()).includes('qr_code')) {
    const detector = new Native({ formats: ['qr_code'] });
    return async (video) => (await detector.detect(video))[0]?.rawValue ?? null;
  }
  return openZxing();
}

/** Larger pictures take longer and are not read better. */
const LONGEST_SIDE = 800;

async function openZxing(): Promise<QrReader> {
  const { prepareZXingModule, readBarcodes } = await import('zxing-wasm/reader');
  await prepareZXingModule({
    overrides: { locateFile: (path: string, prefix: string) => (path.endsWith('.wasm') ? wasmUrl : prefix + path) },
    fireImmediately: true
  });
  const canvas = document.createElement('canvas');
  const pen = canvas.getContext('2d', { willReadFrequently: true });
  return async (video) => {
    const scale = Math.min(1, LONGEST_SIDE / Math.max(video.videoWidth, video.videoHeight));
    canvas.width = Math.round(video.videoWidth * scale);
    canvas.height = Math.round(video.videoHeight * scale);
    if (!pen || canvas.width === 0 || canvas.height === 0) return null;
    pen.drawImage(video, 0, 0, canvas.width, canvas.height);
    const found = await readBarcodes(pen.getImageData(0, 0, canvas.width, canvas.height), {
      formats: ['QRCode'],
      maxNumberOfSymbols: 1
    });
    return found[0]?.text ?? null;
  };
}
