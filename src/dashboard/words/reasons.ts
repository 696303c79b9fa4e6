import type { Language } from '../../analysis/types.js';

/** Why something is in the quarantine; `#` stands for columns. */
interface ReasonWords {
  readonly invalid_json: string;
  readonly not_utf8: string;
  readonly not_an_object: string;
  readonly too_long: string;
  readonly unknown: string;
  readonly 'not a message': string;
  readonly 'no such date': string;
  readonly 'belongs to no message': string;
  readonly 'the file ends inside this message': string;
  readonly 'a message of more than n bytes': string;
  readonly 'n bytes of a line of n are not kept': string;
  readonly missing: string;
}

const WORDS: Readonly<Record<Language, ReasonWords>> = {
  en: {
    invalid_json: 'No valid JSON',
    not_utf8: 'No text in UTF-8',
    not_an_object: 'No JSON object',
    too_long: 'Too long',
    unknown: 'Reason not known',
    'not a message': 'Not a message',
    'no such date': 'A date that does not exist',
    'belongs to no message': 'Belongs to no message',
    'the file ends inside this message': 'The file ends inside this message',
    'a message of more than n bytes': 'A message that is too long',
    'n bytes of a line of n are not kept': 'A line that is too long',
    missing: 'Missing or impossible: #',
  },
  'pt-BR': {
    invalid_json: 'JSON inválido',
    not_utf8: 'Não é texto em UTF-8',
    not_an_object: 'Não é um objeto JSON',
    too_long: 'Comprido demais',
    unknown: 'Motivo desconhecido',
    'not a message': 'Não é uma mensagem',
    'no such date': 'Uma data que não existe',
    'belongs to no message': 'Não pertence a mensagem alguma',
    'the file ends inside this message': 'O arquivo termina dentro desta mensagem',
    'a message of more than n bytes': 'Uma mensagem comprida demais',
    'n bytes of a line of n are not kept': 'Uma linha comprida demais',
    missing: 'Falta ou é impossível: #',
  },
  es: {
    invalid_json: 'JSON no válido',
    not_utf8: 'No es texto en UTF-8',
    not_an_object: 'No es un objeto JSON',
    too_long: 'Demasiado largo',
    unknown: 'Motivo desconocido',
    'not a message': 'No es un mensaje',
    'no such date': 'Una fecha que no existe',
    'belongs to no message': 'No pertenece a ningún mensaje',
    'the file ends inside this message': 'El archivo termina dentro de este mensaje',
    'a message of more than n bytes': 'Un mensaje demasiado largo',
    'n bytes of a line of n are not kept': 'Una línea demasiado larga',
    missing: 'Falta o es imposible: #',
  },
};

/** Why something cannot be read, in a language; as the lake has it where there are no words. */
export function reasonText(reason: string, language: Language): string {
  const words = WORDS[language];
  const missing = /^missing or impossible: (.*)$/s.exec(reason)?.[1];
  if (missing !== undefined) return words.missing.replace('#', () => missing);
  const plain = reason
    .replace(/^import: /, '')
    .replace(/ \(line \d+\)$/, '')
    .replaceAll(/\b\d+\b/g, 'n');
  return Object.hasOwn(words, plain) ? words[plain as keyof ReasonWords] : reason;
}
