/** An event's picture as pages and the API have it. */
export interface Banner {
  /** For a browser that chooses nothing: a path on this site. */
  src: string;
  /** What it shows, for those who cannot see it; '' when it only decorates. */
  alt: string;
  /** Pixels of the largest one; null for a drawing, which fits any size. */
  width: number | null;
  height: number | null;
  /** The same in other widths, by format, as `srcset` of HTML; null for a drawing. */
  srcset: { webp: string; jpeg: string } | null;
}

/** What `BANNER` selects: an uploaded picture, or the path of a drawing that came with the programme. */
export interface BannerRow {
  banner: string | null;
  banner_alt: string;
  banner_picture: { id: string; width: number; height: number; sizes: number[] } | null;
}

/** For the select list of a statement in which `e` is an event. */
export const BANNER = `e.banner, e.banner_alt, (select json_build_object('id', i.id, 'width', i.width,
  'height', i.height, 'sizes', i.sizes) from picture i where i.id = e.banner_picture_id) as banner_picture`;

export type PictureFormat = 'webp' | 'jpg';
export const pictureName = (id: string, size: number, format: PictureFormat) => `${id}-${size}.${format}`;
const pathOf = (id: string, size: number, format: PictureFormat) => `/pictures/${pictureName(id, size, format)}`;

export function bannerOf({ banner, banner_alt: alt, banner_picture: picture }: BannerRow): Banner | null {
  if (!picture) return banner === null ? null : { src: banner, alt, width: null, height: null, srcset: null };
  const { id, width, height, sizes } = picture;
  const srcset = (format: PictureFormat) =>
    sizes.map((size) => `${pathOf(id, size, format)} ${Math.min(size, width)}w`).join(', ');
  return {
    ...{ src: pathOf(id, sizes.find((size) => size >= 960) ?? sizes.at(-1) ?? 0, 'jpg'), alt, width, height },
    srcset: { webp: srcset('webp'), jpeg: srcset('jpg') }
  };
}
