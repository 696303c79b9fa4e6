import { literal } from '../../sources/shape.js';

/** Kinds that hold a file or a picture, of either channel. */
const MEDIA_KINDS: readonly string[] = [
  'animation',
  'audio',
  'document',
  'image',
  'live_photo',
  'paid_media',
  'photo',
  'sticker',
  'story',
  'video',
  'video_note',
  'voice',
];

/** 1 for each kind that does, by its number; else 0. */
export const mediaAmong = (kinds: readonly string[]): Uint8Array => Uint8Array.from(kinds, (kind) => (MEDIA_KINDS.includes(kind) ? 1 : 0));

/** SQL: whether a row of `activity` holds media. */
export const IS_MEDIA = `kind IN (${MEDIA_KINDS.map(literal).join(', ')})`;
