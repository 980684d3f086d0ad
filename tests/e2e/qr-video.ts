import { writeFile } from 'node:fs/promises';
import QRCode from 'qrcode';

/** A film of one still picture, a QR code on a grey wall, as Chromium's fake camera plays it (YUV4MPEG2). */
export async function writeQrVideo(path: string, code: string): Promise<void> {
  const [width, height, frames] = [640, 480, 10];
  const { modules } = QRCode.create(code, { errorCorrectionLevel: 'M' });
  const unit = Math.floor(360 / (modules.size + 8));
  const side = unit * (modules.size + 8);
  const [left, top] = [Math.floor((width - side) / 2), Math.floor((height - side) / 2)];
  const luma = Buffer.alloc(width * height, 150);
  for (let y = 0; y < side; y++) {
    for (let x = 0; x < side; x++) {
      const [row, column] = [Math.floor(y / unit) - 4, Math.floor(x / unit) - 4];
      const inside = row >= 0 && column >= 0 && row < modules.size && column < modules.size;
      luma[(top + y) * width + left + x] = inside && modules.get(row, column) ? 16 : 235;
    }
  }
  const frame = Buffer.concat([Buffer.from('FRAME\n'), luma, Buffer.alloc((width * height) / 2, 128)]);
  const head = Buffer.from(`YUV4MPEG2 W${width} H${height} F10:1 Ip A1:1 C420jpeg\n`);
  await writeFile(path, Buffer.concat([head, ...Array.from({ length: frames }, () => frame)]));
}
