import type * as Sdk from '@aws-sdk/client-s3';
import type { Config } from '../config.ts';
import { isPictureName, type PictureStorage } from './storage.ts';

const CONNECT_MS = 3000;
const ANSWER_MS = 15_000;
const FOLDER = 'pictures/';

/** Objects of a bucket, at AWS or at whatever speaks S3 (`endpoint`). The bucket can stay private: we serve them. */
export function s3Storage(s3: NonNullable<Config['s3']>): PictureStorage {
  // The SDK is large: it is loaded by those who use it, when they do.
  let opening: Promise<{ sdk: typeof Sdk; client: Sdk.S3Client }> | undefined;
  const open = () =>
    (opening ??= import('@aws-sdk/client-s3').then((sdk) => {
      const client = new sdk.S3Client({
        region: s3.region,
        credentials: { accessKeyId: s3.accessKeyId, secretAccessKey: s3.secretAccessKey },
        // A bucket as a host name needs a wildcard certificate, which only AWS can be trusted to have.
        ...(s3.endpoint === null ? {} : { endpoint: s3.endpoint, forcePathStyle: true }),
        // Checksums that not every server knows are not needed: the signature covers the body.
        ...{ requestChecksumCalculation: 'WHEN_REQUIRED', responseChecksumValidation: 'WHEN_REQUIRED' },
        requestHandler: { connectionTimeout: CONNECT_MS, requestTimeout: ANSWER_MS, throwOnRequestTimeout: true },
        maxAttempts: 3
      });
      return { sdk, client };
    }));
  const place = (name: string) => {
    if (!isPictureName(name)) throw new Error(`not the name of a picture: ${name}`);
    return { Bucket: s3.bucket, Key: FOLDER + name };
  };

  return {
    async put(name, bytes, type) {
      const { sdk, client } = await open();
      await client.send(new sdk.PutObjectCommand({ ...place(name), Body: bytes, ContentType: type }));
    },

    async get(name) {
      const { sdk, client } = await open();
      try {
        const { Body } = await client.send(new sdk.GetObjectCommand(place(name)));
        return Body ? await Body.transformToByteArray() : null;
      } catch (error) {
        if (error instanceof sdk.NoSuchKey) return null;
        throw error;
      }
    },

    async remove(name) {
      const { sdk, client } = await open();
      await client.send(new sdk.DeleteObjectCommand(place(name)));
    }
  };
}
