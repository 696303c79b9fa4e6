import { literal } from '../../sources/shape.js';

/** Kinds that hold a file or a picture, of either channel. */
export const MEDIA_KINDS: readonly string[] = [
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

/** SQL: whether a row of `activity` holds media. */
export const IS_MEDIA = `kind IN (${MEDIA_KINDS.map(literal).join(', ')})`;
