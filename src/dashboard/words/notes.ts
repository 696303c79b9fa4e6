import type { Language } from '../../analysis/types.js';
import { countingIn } from '../../analysis/words/counting.js';
import type { Note, Order } from '../../import/notes.js';

type NoteWords = { readonly [What in Note['what']]: (note: Note & { readonly what: What }) => string };

const count = {
  en: countingIn('en'),
  pt: countingIn('pt-BR'),
  es: countingIn('es'),
};

const EN_ORDERS: Readonly<Record<Order, string>> = { dmy: 'day, month, year', mdy: 'month, day, year', ymd: 'year, month, day' };

const en: NoteWords = {
  'dates-told': ({ order }) => `Dates are read as ${EN_ORDERS[order]}, as chosen.`,
  'dates-year-first': ({ order }) => `Dates are ${EN_ORDERS[order]}.`,
  'dates-fit': ({ order, times, of }) =>
    `Dates are ${EN_ORDERS[order]}: ${count.en.count(times)} of ${count.en.plural(of, '# fits', '# fit')} no other order.`,
  'dates-backward': ({ order, other, times }) =>
    `Dates are ${EN_ORDERS[order]}: as ${EN_ORDERS[other]}, time would run backward ${count.en.plural(times, '# time', '# times')}.`,
  'dates-unsure': ({ order, other }) =>
    `Dates could be ${EN_ORDERS[order]} or ${EN_ORDERS[other]}, and are read as ${EN_ORDERS[order]}. If that is wrong, choose the other order below.`,
  chat: ({ chat, told }) =>
    told ? `The chat is “${chat}”.` : `The chat is “${chat}”. Another export of it must have the same name, in the file or below.`,
  timezone: ({ timezone }) => `Times are those of ${timezone}.`,
  'unknown-half': ({ word }) => `“${word}” beside the time is no half of the day that is known here: hours are taken as they are.`,
  business: ({ author }) =>
    author === null
      ? 'Nobody in it is known to be the business: every message counts as received. Say below who it is.'
      : `Messages of “${author}” count as sent by the business.`,
  number: ({ ending }) => `It is with the number ending in ${ending}: what was received live of it is not doubled.`,
  'number-unknown': () =>
    'Whose number it is with is not known: what was received live of it is doubled, and it is a conversation of its own. Say the number below.',
  'many-authors': () => 'It has more than two authors: what was received live of it is doubled.',
  'own-ids': ({ chat }) =>
    `“${chat}”, and others like it: in private chats and groups of the old kind every account counts the messages for itself. What a bot received of them has other ids and stays a row of its own.`,
};

const PT_ORDERS: Readonly<Record<Order, string>> = { dmy: 'dia, mês, ano', mdy: 'mês, dia, ano', ymd: 'ano, mês, dia' };

const pt: NoteWords = {
  'dates-told': ({ order }) => `As datas são lidas como ${PT_ORDERS[order]}, como foi escolhido.`,
  'dates-year-first': ({ order }) => `As datas são ${PT_ORDERS[order]}.`,
  'dates-fit': ({ order, times, of }) =>
    `As datas são ${PT_ORDERS[order]}: ${count.pt.plural(times, '# de', '# de')} ${count.pt.count(of)} ${count.pt.plural(times, 'não cabe', 'não cabem')} em outra ordem.`,
  'dates-backward': ({ order, other, times }) =>
    `As datas são ${PT_ORDERS[order]}: como ${PT_ORDERS[other]}, o tempo andaria para trás ${count.pt.plural(times, '# vez', '# vezes')}.`,
  'dates-unsure': ({ order, other }) =>
    `As datas podem ser ${PT_ORDERS[order]} ou ${PT_ORDERS[other]}, e são lidas como ${PT_ORDERS[order]}. Se estiver errado, escolha a outra ordem abaixo.`,
  chat: ({ chat, told }) =>
    told ? `A conversa é “${chat}”.` : `A conversa é “${chat}”. Outra exportação dela deve ter o mesmo nome, no arquivo ou abaixo.`,
  timezone: ({ timezone }) => `Os horários são os de ${timezone}.`,
  'unknown-half': ({ word }) => `“${word}” junto da hora não é metade do dia que se conheça aqui: as horas valem como estão.`,
  business: ({ author }) =>
    author === null
      ? 'Não se sabe quem nela é a empresa: toda mensagem conta como recebida. Diga abaixo quem é.'
      : `As mensagens de “${author}” contam como enviadas pela empresa.`,
  number: ({ ending }) => `É com o número que termina em ${ending}: o que dela foi recebido ao vivo não se duplica.`,
  'number-unknown': () =>
    'Não se sabe com que número ela é: o que dela foi recebido ao vivo se duplica, e ela fica uma conversa à parte. Diga o número abaixo.',
  'many-authors': () => 'Tem mais de dois autores: o que dela foi recebido ao vivo se duplica.',
  'own-ids': ({ chat }) =>
    `“${chat}” e outras como ela: em conversas privadas e grupos do tipo antigo cada conta numera as mensagens por si. O que um bot recebeu delas tem outros ids e continua uma linha à parte.`,
};

const ES_ORDERS: Readonly<Record<Order, string>> = { dmy: 'día, mes, año', mdy: 'mes, día, año', ymd: 'año, mes, día' };

const es: NoteWords = {
  'dates-told': ({ order }) => `Las fechas se leen como ${ES_ORDERS[order]}, como se eligió.`,
  'dates-year-first': ({ order }) => `Las fechas son ${ES_ORDERS[order]}.`,
  'dates-fit': ({ order, times, of }) =>
    `Las fechas son ${ES_ORDERS[order]}: ${count.es.count(times)} de ${count.es.count(of)} no ${count.es.plural(times, 'cabe', 'caben')} en otro orden.`,
  'dates-backward': ({ order, other, times }) =>
    `Las fechas son ${ES_ORDERS[order]}: como ${ES_ORDERS[other]}, el tiempo iría hacia atrás ${count.es.plural(times, '# vez', '# veces')}.`,
  'dates-unsure': ({ order, other }) =>
    `Las fechas podrían ser ${ES_ORDERS[order]} o ${ES_ORDERS[other]}, y se leen como ${ES_ORDERS[order]}. Si no es así, elija el otro orden abajo.`,
  chat: ({ chat, told }) =>
    told ? `El chat es “${chat}”.` : `El chat es “${chat}”. Otra exportación suya debe tener el mismo nombre, en el archivo o abajo.`,
  timezone: ({ timezone }) => `Las horas son las de ${timezone}.`,
  'unknown-half': ({ word }) => `“${word}” junto a la hora no es una mitad del día que se conozca aquí: las horas se toman como están.`,
  business: ({ author }) =>
    author === null
      ? 'No se sabe quién es la empresa: cada mensaje cuenta como recibido. Diga abajo quién es.'
      : `Los mensajes de “${author}” cuentan como enviados por la empresa.`,
  number: ({ ending }) => `Es con el número que termina en ${ending}: lo que se recibió en vivo de él no se duplica.`,
  'number-unknown': () =>
    'No se sabe con qué número es: lo que se recibió en vivo se duplica, y queda como una conversación aparte. Diga el número abajo.',
  'many-authors': () => 'Tiene más de dos autores: lo que se recibió en vivo se duplica.',
  'own-ids': ({ chat }) =>
    `“${chat}” y otros como él: en chats privados y grupos del tipo antiguo cada cuenta numera los mensajes por sí misma. Lo que un bot recibió de ellos tiene otros ids y queda como una fila aparte.`,
};

const WORDS: Readonly<Record<Language, NoteWords>> = { en, 'pt-BR': pt, es };

/** How a file was understood, in the words of the page: what can be chosen stands below it. */
export const noteText = (note: Note, language: Language): string => (WORDS[language][note.what] as (one: Note) => string)(note);
