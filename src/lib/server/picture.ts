import { refuse, type Refusal } from '#domain/refusal.ts';

/**
 * The bytes of an upload: the body itself, or the `file` of a form. What they are they say themselves, but Kit reads no
 * body that does not say that it is something.
 */
export async function pictureIn(request: Request): Promise<Uint8Array | Refusal> {
  const type = request.headers.get('content-type');
  if (!type) {
    const message = 'needs a content-type, such as image/jpeg';
    return refuse('INVALID', `The body ${message}.`, { errors: [{ path: 'file', message }] });
  }
  if (!/^multipart\/form-data\b/i.test(type)) return new Uint8Array(await request.arrayBuffer());
  return (await fileIn((await request.formData()).get('file'))) ?? new Uint8Array();
}

/** A browser sends a file without name and bytes when none was chosen. */
export const fileIn = async (file: FormDataEntryValue | null): Promise<Uint8Array | null> =>
  file instanceof File && file.size > 0 ? new Uint8Array(await file.arrayBuffer()) : null;
