import * as texts from './group-texts.js';
import type { Random } from './random.js';

const file = (random: Random, size: number) => ({
  file_id: `demo-${random.token(40)}`,
  file_unique_id: `demo-${random.token(10)}`,
  file_size: size,
});
/** A sticker, as the Bot API's Sticker. */
export const sticker = (random: Random) => ({
  ...file(random, random.int(9_000, 40_000)),
  type: 'regular',
  width: 512,
  height: 512,
  emoji: random.pick(texts.STICKERS),
  set_name: 'dados_exemplo',
  is_animated: false,
  is_video: false,
});
const maybeCaption = (random: Random) => (random.chance(0.45) ? { caption: random.pick(texts.CAPTIONS) } : {});

/** What people send instead of words: a message's content and how often it is that. */
export const MEDIA: readonly (readonly [(random: Random) => Record<string, unknown>, number])[] = [
  [
    (random) => ({
      photo: [90, 320, 800, 1280].map((side) => ({ ...file(random, side * side), width: side, height: Math.round(side * 0.75) })),
      ...maybeCaption(random),
    }),
    34,
  ],
  [(random) => ({ sticker: sticker(random) }), 26],
  [(random) => ({ voice: { ...file(random, random.int(8_000, 400_000)), duration: random.int(2, 95), mime_type: 'audio/ogg' } }), 18],
  [
    (random) => {
      const { name, mime } = random.pick(texts.DOCUMENTS);
      return { document: { ...file(random, random.int(2_000, 3_000_000)), file_name: name, mime_type: mime }, ...maybeCaption(random) };
    },
    10,
  ],
  [
    (random) => ({
      video: {
        ...file(random, random.int(500_000, 9_000_000)),
        duration: random.int(4, 180),
        width: 720,
        height: 1280,
        mime_type: 'video/mp4',
      },
      ...maybeCaption(random),
    }),
    8,
  ],
  [
    (random) => {
      const animation = {
        ...file(random, random.int(80_000, 900_000)),
        duration: random.int(1, 6),
        width: 320,
        height: 240,
        mime_type: 'video/mp4',
      };
      return { animation, document: animation };
    },
    6,
  ],
];
