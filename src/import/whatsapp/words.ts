/**
 * What WhatsApp writes in the place of something else, in the languages it is used in most. Compared in lower case, without
 * direction marks. A language that is missing only costs the kind of a message, never the message.
 */

/** A file that the export leaves out, of a kind it does not name (Android): `<Media omitted>`. */
const OMITTED = [
  'media omitted', // en
  'mídia oculta', // pt-BR
  'arquivo de mídia oculto',
  'ficheiro não revelado', // pt-PT
  'multimedia omitido', // es
  'archivo omitido',
  'medien ausgeschlossen', // de
  'médias omis', // fr
  'média omis',
  'media omessi', // it
  'media weggelaten', // nl
  'медиафайл не включён', // ru
  'без медиафайлов',
  'без медіафайлів', // uk
  'медіафайл пропущено',
  'pominięto multimedia', // pl
  'medya dahil edilmedi', // tr
  'media tidak disertakan', // id
  'media utelämnat', // sv
  'media udeladt', // da
  'medier udeladt',
  'mediefil udeladt',
  'media utelatt', // no
  'media jätettiin pois', // fi
  'médium vynecháno', // cs
  'média vynechány',
  'fișiere media omise', // ro
  'hiányzó médiafájl', // hu
  'τα πολυμέσα παραλείφθηκαν', // el
  'המדיה לא נכללה', // he
  'تم استبعاد الوسائط', // ar
  'رسانه حذف شده است', // fa
  'رسانه حذف شد',
  'मीडिया को छोड़ दिया गया', // hi
  'मीडिया छोड़ा गया',
  'メディアは含まれていません', // ja
  '미디어 파일을 생략한 사진', // ko
  '미디어 파일 제외됨',
  '省略媒体文件', // zh-CN
  '媒体文件已忽略',
  '忽略多媒體檔', // zh-TW
  '媒體已略去',
  'đã bỏ qua file phương tiện', // vi
  'ละเว้นสื่อ', // th
];

/** Words for a kind of file, as in `image omitted` (iOS). */
const KINDS: Readonly<Record<string, readonly string[]>> = {
  image: [
    'image',
    'photo',
    'imagem',
    'foto',
    'imagen',
    'bild',
    'immagine',
    'afbeelding',
    'изображение',
    'фото',
    'görüntü',
    'gambar',
    'obraz',
    'kuva',
    '画像',
    '图片',
    '圖片',
    'صورة',
    'תמונה',
    'fotografía',
    'image/gif',
    'gif',
  ],
  video: [
    'video',
    'vídeo',
    'vidéo',
    'видео',
    'відео',
    'wideo',
    '视频',
    '影片',
    'ビデオ',
    '동영상',
    'فيديو',
    'סרטון',
    'videonote',
    'video note',
  ],
  audio: ['audio', 'áudio', 'voice message', 'аудио', 'аудіо', 'ses', 'dźwięk', '音频', '音訊', 'オーディオ', '음성', 'صوت', 'שמע'],
  document: ['document', 'documento', 'dokument', 'документ', 'belge', 'asiakirja', '文档', '文件', '문서', 'مستند', 'מסמך'],
  sticker: [
    'sticker',
    'figurinha',
    'autocollant',
    'стикер',
    'стікер',
    'çıkartma',
    'stiker',
    'naklejka',
    'tarra',
    'adesivo',
    '贴图',
    '貼圖',
    'ステッカー',
    '스티커',
    'ملصق',
    'סטיקר',
    'pegatina',
  ],
  contacts: [
    'contact card',
    'cartão do contato',
    'cartão de contacto',
    'tarjeta de contacto',
    'kontaktkarte',
    'carte du contact',
    'scheda contatto',
    'contactkaart',
    'карточка контакта',
  ],
};

/** Words for "left out", after or before the kind (iOS). */
const GONE = [
  'omitted',
  'omitido',
  'omitida',
  'ocultado',
  'ocultada',
  'oculto',
  'oculta',
  'ausgeschlossen',
  'weggelassen',
  'absent',
  'absente',
  'omis',
  'omise',
  'omesso',
  'omessa',
  'weggelaten',
  'опущен',
  'опущено',
  'опущена',
  'отсутствует',
  'пропущено',
  'dahil edilmedi',
  'tidak disertakan',
  'pominięto',
  'utelämnad',
  'udeladt',
  'utelatt',
  'jätettiin pois',
  '略',
  '已忽略',
  '已略過',
  'は含まれていません',
  '생략됨',
  'مستبعد',
  'הושמט',
];

/** Words after the name of a file that the export has beside it (Android). */
const ATTACHED = [
  'file attached',
  'arquivo anexado',
  'ficheiro anexado',
  'archivo adjunto',
  'datei angehängt',
  'fichier joint',
  'file allegato',
  'bestand bijgevoegd',
  'файл добавлен',
  'прикрепленный файл',
  'файл додано',
  'dosya ekli',
  'file terlampir',
  'załączono plik',
  'plik załączony',
  'bifogad fil',
  'fil vedhæftet',
  'vedlagt fil',
  'liitetiedosto',
  'soubor byl přiložen',
  'fișier atașat',
  'συνημμένο αρχείο',
  'הקובץ מצורף',
  'ملف مرفق',
  'फ़ाइल संलग्न',
  '添付ファイル',
  '첨부 파일',
  '文件附件',
  '檔案已附加',
  '附件',
];

/** Words before the name of a file (iOS): `<attached: 00000012-PHOTO-2024-01-02-10-11-12.jpg>`. */
const ATTACHED_BEFORE = [
  'attached',
  'anexado',
  'adjunto',
  'angehängt',
  'anhang',
  'pièce jointe',
  'joint',
  'allegato',
  'bijgevoegd',
  'прикреплено',
  'вложено',
  'ekli',
  'terlampir',
  'załączono',
  'bifogad',
  'vedhæftet',
  '添付ファイル',
  '첨부',
  '附件',
  '已附加',
  'مرفق',
  'מצורף',
];

const EDITED = [
  'this message was edited',
  'mensagem editada',
  'esta mensagem foi editada',
  'se editó este mensaje',
  'este mensaje fue editado',
  'diese nachricht wurde bearbeitet',
  'ce message a été modifié',
  'questo messaggio è stato modificato',
  'dit bericht is bewerkt',
  'изменено',
  'данное сообщение изменено',
  'bu mesaj düzenlendi',
  'pesan ini diedit',
];

const DELETED = [
  'this message was deleted',
  'you deleted this message',
  'mensagem apagada',
  'esta mensagem foi apagada',
  'você apagou esta mensagem',
  'apagou esta mensagem',
  'eliminaste este mensaje',
  'se eliminó este mensaje',
  'este mensaje fue eliminado',
  'diese nachricht wurde gelöscht',
  'du hast diese nachricht gelöscht',
  'ce message a été supprimé',
  'vous avez supprimé ce message',
  'questo messaggio è stato eliminato',
  'hai eliminato questo messaggio',
  'dit bericht is verwijderd',
  'je hebt dit bericht verwijderd',
  'данное сообщение удалено',
  'вы удалили данное сообщение',
  'bu mesaj silindi',
  'bu mesajı sildiniz',
  'pesan ini telah dihapus',
  'anda menghapus pesan ini',
];

/** What an app says of a call or a code, under an author's name (iOS). */
export const SAYS_OF_ITSELF =
  /end-to-end|ponta a ponta|extremo a extremo|ende-zu-ende|bout en bout|security code|código de segurança|código de seguridad|sicherheitsnummer|missed (?:voice|video) call|chamada de (?:voz|vídeo) perdida|llamada perdida|verpasster/i;

const alternatives = (words: readonly string[]) =>
  words
    .map((word) => word.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&'))
    .sort((a, b) => b.length - a.length)
    .join('|');

const OMITTED_LINE = new RegExp(`^<\\s*(?:${alternatives(OMITTED)})\\s*>$`, 'iu');
const KIND_GONE = Object.entries(KINDS).map(([type, words]) => ({
  type,
  pattern: new RegExp(
    `^<?(?:(?:${alternatives(words)})\\s*(?:${alternatives(GONE)})|(?:${alternatives(GONE)})\\s*(?:${alternatives(words)}))>?$`,
    'iu',
  ),
}));
const FILE_ATTACHED = new RegExp(`^(.{1,250}\\.[\\p{L}\\d]{1,8}) \\((?:${alternatives(ATTACHED)})\\)$`, 'iu');
const ATTACHED_FILE = new RegExp(`^<(?:${alternatives(ATTACHED_BEFORE)})\\s*[:：]\\s*(.{1,250}\\.[\\p{L}\\d]{1,8})>$`, 'iu');
const EDITED_END = new RegExp(`\\s*<(?:${alternatives(EDITED)})\\.?>$`, 'iu');
const DELETED_LINE = new RegExp(`^(?:${alternatives(DELETED)})\\.?$`, 'iu');

const EXTENSIONS: Readonly<Record<string, string>> = Object.fromEntries(
  Object.entries({
    image: 'jpg jpeg png gif heic bmp tif tiff',
    video: 'mp4 3gp mov mkv avi webm m4v',
    audio: 'opus ogg mp3 m4a aac wav amr',
    sticker: 'webp',
    contacts: 'vcf',
  }).flatMap(([type, list]) => list.split(' ').map((extension) => [extension, type])),
);

export interface Placeholder {
  /** As the platform names kinds of messages; `media` for a file of a kind that the export does not tell. */
  readonly type: string;
  readonly filename?: string;
}

/** The file that the first line of a message stands for, or undefined when it is text. `line` without direction marks. */
export function placeholderOf(line: string): Placeholder | undefined {
  // Most texts are no placeholder: these end like one.
  const last = line.at(-1);
  if (last === ')' || last === '>') {
    if (OMITTED_LINE.test(line)) return { type: 'media' };
    const filename = (FILE_ATTACHED.exec(line) ?? ATTACHED_FILE.exec(line))?.[1];
    if (filename !== undefined)
      return { type: EXTENSIONS[filename.slice(filename.lastIndexOf('.') + 1).toLowerCase()] ?? 'document', filename };
  }
  if (line.length > 60) return undefined;
  const type = KIND_GONE.find(({ pattern }) => pattern.test(line))?.type;
  return type === undefined ? undefined : { type };
}

/** A text without the note that it was edited. */
export const unedited = (text: string): string => (text.endsWith('>') ? text.replace(EDITED_END, '') : text);

export const isDeleted = (text: string): boolean => text.length < 60 && DELETED_LINE.test(text);
