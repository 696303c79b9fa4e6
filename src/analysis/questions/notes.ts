import type { Language } from '../types.js';

/** What the list of questions says beside its numbers. */
export interface QuestionNotes {
  /** Some questions come from a channel in which no answer was ever seen. */
  readonly oneSided: string;
}

export const QUESTION_NOTES: Readonly<Record<Language, QuestionNotes>> = {
  'pt-BR': {
    oneSided:
      'Algumas perguntas são de um canal em que nenhuma resposta foi capturada; delas só se contam as perguntas. Capture também as mensagens enviadas.',
  },
  en: {
    oneSided:
      'Some questions come from a channel in which no answer was ever captured; only the asking is counted there. Capture sent messages too.',
  },
  es: {
    oneSided:
      'Algunas preguntas son de un canal en el que no se capturó ninguna respuesta; de ellas solo se cuentan las preguntas. Capture también los mensajes enviados.',
  },
};
