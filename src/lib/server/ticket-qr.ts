import QRCode from 'qrcode';

/** Dark on white in both themes, with a quiet zone: scanners need both. */
const QR = { type: 'svg', margin: 2, errorCorrectionLevel: 'M' } as const;

/** The code of a ticket as a picture for the door. */
export const qrOf = (code: string): Promise<string> => QRCode.toString(code, QR);
