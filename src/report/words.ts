import type { Language } from '../analysis/types.js';
import { countingIn } from '../analysis/words/counting.js';

/** What a report says beside what the analysis says. */
export interface ReportWords {
  readonly title: string;
  readonly answers: string;
  readonly figures: string;
  readonly before: string;
  readonly compared: (range: string) => string;
  readonly everything: string;
  readonly questions: string;
  readonly questionsNote: (total: number) => string;
  readonly noQuestions: string;
  readonly asked: string;
  readonly wordings: (count: string) => string;
  readonly answered: string;
  readonly median: string;
  readonly without: string;
  readonly others: (count: string) => string;
  /** Buckets that the period has a part of, already in words. */
  readonly cut: (buckets: string) => string;
  readonly nameless: string;
  readonly zone: (zone: string) => string;
  readonly made: (moment: string) => string;
  readonly empty: string;
  readonly value: string;
  /** Keys of the analysis in words. */
  readonly keys: Readonly<Record<string, string>>;
}

const CHANNELS = { telegram: 'Telegram', whatsapp: 'WhatsApp' } as const;
const WITHIN = { '10s': '≤ 10 s', '1m': '≤ 1 min', '10m': '≤ 10 min', '1h': '≤ 1 h', '24h': '≤ 24 h' } as const;

const WORDS: Readonly<Record<Language, ReportWords>> = {
  'pt-BR': {
    title: 'Relatório das conversas',
    answers: 'Em resumo',
    figures: 'Números',
    before: 'período anterior',
    compared: (range) => `comparado com ${range}`,
    everything: 'desde o começo',
    questions: 'O que mais perguntam',
    questionsNote: (total) => countingIn('pt-BR').plural(total, '# pergunta no período', '# perguntas no período, agrupadas pelo sentido'),
    noQuestions: 'Nenhuma pergunta neste período.',
    asked: 'vezes',
    wordings: (count) => `escrita de ${count} formas`,
    answered: 'respondidas',
    median: 'resposta (mediana)',
    without: 'Sem dados neste período',
    others: (count) => `e mais ${count}`,
    cut: (buckets) => `só em parte: ${buckets}`,
    nameless: 'sem nome',
    zone: (zone) => `dias e horas em ${zone}`,
    made: (moment) => `feito em ${moment}`,
    empty: 'Ainda não há mensagens neste período.',
    value: 'Valor',
    keys: {
      ...CHANNELS,
      ...WITHIN,
      never: 'nunca',
      none: 'sem resposta',
      bot: 'bot ou empresa',
      person: 'pessoa',
      sent: 'enviadas',
      delivered: 'entregues',
      read: 'lidas',
      failed: 'com falha',
    },
  },
  en: {
    title: 'Conversation report',
    answers: 'In short',
    figures: 'Figures',
    before: 'period before',
    compared: (range) => `compared with ${range}`,
    everything: 'since the beginning',
    questions: 'What people ask most',
    questionsNote: (total) => countingIn('en').plural(total, '# question in this period', '# questions in this period, grouped by meaning'),
    noQuestions: 'No questions in this period.',
    asked: 'times',
    wordings: (count) => `in ${count} wordings`,
    answered: 'answered',
    median: 'median answer',
    without: 'No data in this period',
    others: (count) => `and ${count} more`,
    cut: (buckets) => `only in part: ${buckets}`,
    nameless: 'no name',
    zone: (zone) => `days and hours in ${zone}`,
    made: (moment) => `made ${moment}`,
    empty: 'There are no messages in this period yet.',
    value: 'Value',
    keys: {
      ...CHANNELS,
      ...WITHIN,
      never: 'never',
      none: 'unanswered',
      bot: 'bot or business',
      person: 'person',
      sent: 'sent',
      delivered: 'delivered',
      read: 'read',
      failed: 'failed',
    },
  },
  es: {
    title: 'Informe de las conversaciones',
    answers: 'En resumen',
    figures: 'Cifras',
    before: 'período anterior',
    compared: (range) => `comparado con ${range}`,
    everything: 'desde el comienzo',
    questions: 'Lo que más preguntan',
    questionsNote: (total) =>
      countingIn('es').plural(total, '# pregunta en el período', '# preguntas en el período, agrupadas por su sentido'),
    noQuestions: 'Ninguna pregunta en este período.',
    asked: 'veces',
    wordings: (count) => `escrita de ${count} formas`,
    answered: 'respondidas',
    median: 'respuesta (mediana)',
    without: 'Sin datos en este período',
    others: (count) => `y ${count} más`,
    cut: (buckets) => `solo en parte: ${buckets}`,
    nameless: 'sin nombre',
    zone: (zone) => `días y horas en ${zone}`,
    made: (moment) => `hecho el ${moment}`,
    empty: 'Todavía no hay mensajes en este período.',
    value: 'Valor',
    keys: {
      ...CHANNELS,
      ...WITHIN,
      never: 'nunca',
      none: 'sin respuesta',
      bot: 'bot o empresa',
      person: 'persona',
      sent: 'enviados',
      delivered: 'entregados',
      read: 'leídos',
      failed: 'con error',
    },
  },
};

export const reportWords = (language: Language): ReportWords => WORDS[language];
