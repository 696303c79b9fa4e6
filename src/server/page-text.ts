/** Every word of the page, in the languages it speaks. */
export interface Words {
  /** For `<html lang>` and number formats. */
  readonly tag: string;
  readonly title: string;
  readonly demo: string;
  readonly whenAsked: string;
  readonly when: (hour: number, share: string) => string;
  readonly whoAsked: string;
  readonly who: (name: string, messages: string) => string;
  readonly whereAsked: string;
  readonly where: (channel: string, share: string) => string;
  readonly nothingYet: string;
  readonly nothingYetHint: string;
  readonly messages: string;
  readonly people: (channel: string) => string;
  readonly today: string;
  readonly lastArrival: string;
  readonly never: string;
  readonly perDay: string;
  readonly perDayHint: string;
  readonly perHour: string;
  readonly mostActive: string;
  readonly lastDays: string;
  readonly nameless: string;
  readonly health: string;
  readonly healthy: string;
  readonly unhealthy: string;
  readonly runFailed: string;
  readonly daysWrong: (count: string) => string;
  readonly sums: (lines: string, units: string, rows: string, duplicates: string, quarantined: string) => string;
  readonly late: (count: string) => string;
  readonly processed: (time: string) => string;
  readonly tables: string;
  readonly rows: string;
  readonly day: string;
  readonly hour: string;
  readonly more: string;
}

const en: Words = {
  tag: 'en',
  title: 'Overview',
  demo: 'Demonstration: a simulated group and support number. Run “chatlake init” to use your own.',
  whenAsked: 'When do people write?',
  when: (hour, share) => `Mostly around ${hour}:00, with ${share} of the messages.`,
  whoAsked: 'Who writes most?',
  who: (name, messages) => `${name}, with ${messages} messages.`,
  whereAsked: 'Where do they write?',
  where: (channel, share) => `${share} on ${channel}.`,
  nothingYet: 'No messages yet.',
  nothingYetHint: 'Write something in the group, or to the number: it shows up here within seconds.',
  messages: 'Messages',
  people: (channel) => `People on ${channel}`,
  today: 'Today',
  lastArrival: 'Last arrival',
  never: 'never',
  perDay: 'Messages per day',
  perDayHint: 'last 30 days',
  perHour: 'Messages by hour',
  mostActive: 'Most active people',
  lastDays: 'last 30 days',
  nameless: 'no name',
  health: 'Health',
  healthy: 'Every day adds up',
  unhealthy: 'Needs attention',
  runFailed: 'The last run of the ETL failed: see the log.',
  daysWrong: (count) => `${count} days do not add up: run “chatlake status”.`,
  sums: (lines, units, rows, duplicates, quarantined) =>
    `${lines} raw lines held ${units} things: ${rows} rows + ${duplicates} duplicates + ${quarantined} in quarantine.`,
  late: (count) => `${count} came on another day than they were sent, and were filed under the right one.`,
  processed: (time) => `Last run at ${time}.`,
  tables: 'Tables',
  rows: 'rows',
  day: 'Day',
  hour: 'Hour',
  more: 'Ask more with SQL: chatlake query',
};

const pt: Words = {
  tag: 'pt-BR',
  title: 'Visão geral',
  demo: 'Demonstração: um grupo e um número de atendimento simulados. Use “chatlake init” para ligar os seus.',
  whenAsked: 'Quando as pessoas escrevem?',
  when: (hour, share) => `Principalmente por volta das ${hour}h, com ${share} das mensagens.`,
  whoAsked: 'Quem mais escreve?',
  who: (name, messages) => `${name}, com ${messages} mensagens.`,
  whereAsked: 'Onde escrevem?',
  where: (channel, share) => `${share} no ${channel}.`,
  nothingYet: 'Nenhuma mensagem ainda.',
  nothingYetHint: 'Escreva algo no grupo, ou para o número: aparece aqui em segundos.',
  messages: 'Mensagens',
  people: (channel) => `Pessoas no ${channel}`,
  today: 'Hoje',
  lastArrival: 'Última chegada',
  never: 'nunca',
  perDay: 'Mensagens por dia',
  perDayHint: 'últimos 30 dias',
  perHour: 'Mensagens por hora',
  mostActive: 'Quem mais participa',
  lastDays: 'últimos 30 dias',
  nameless: 'sem nome',
  health: 'Saúde',
  healthy: 'Todos os dias fecham',
  unhealthy: 'Precisa de atenção',
  runFailed: 'A última execução do ETL falhou: veja o log.',
  daysWrong: (count) => `${count} dias não fecham: rode “chatlake status”.`,
  sums: (lines, units, rows, duplicates, quarantined) =>
    `${lines} linhas brutas traziam ${units} itens: ${rows} linhas + ${duplicates} duplicadas + ${quarantined} em quarentena.`,
  late: (count) => `${count} chegaram em dia diferente do envio e foram para o dia certo.`,
  processed: (time) => `Última execução às ${time}.`,
  tables: 'Tabelas',
  rows: 'linhas',
  day: 'Dia',
  hour: 'Hora',
  more: 'Pergunte mais com SQL: chatlake query',
};

const es: Words = {
  tag: 'es',
  title: 'Resumen',
  demo: 'Demostración: un grupo y un número de atención simulados. Usa “chatlake init” para conectar los tuyos.',
  whenAsked: '¿Cuándo escriben?',
  when: (hour, share) => `Sobre todo hacia las ${hour}:00, con el ${share} de los mensajes.`,
  whoAsked: '¿Quién escribe más?',
  who: (name, messages) => `${name}, con ${messages} mensajes.`,
  whereAsked: '¿Dónde escriben?',
  where: (channel, share) => `El ${share} en ${channel}.`,
  nothingYet: 'Aún no hay mensajes.',
  nothingYetHint: 'Escribe algo en el grupo, o al número: aparece aquí en segundos.',
  messages: 'Mensajes',
  people: (channel) => `Personas en ${channel}`,
  today: 'Hoy',
  lastArrival: 'Última llegada',
  never: 'nunca',
  perDay: 'Mensajes por día',
  perDayHint: 'últimos 30 días',
  perHour: 'Mensajes por hora',
  mostActive: 'Quién participa más',
  lastDays: 'últimos 30 días',
  nameless: 'sin nombre',
  health: 'Salud',
  healthy: 'Todos los días cuadran',
  unhealthy: 'Requiere atención',
  runFailed: 'La última ejecución del ETL falló: mira el registro.',
  daysWrong: (count) => `${count} días no cuadran: ejecuta “chatlake status”.`,
  sums: (lines, units, rows, duplicates, quarantined) =>
    `${lines} líneas en bruto traían ${units} elementos: ${rows} filas + ${duplicates} duplicados + ${quarantined} en cuarentena.`,
  late: (count) => `${count} llegaron en un día distinto al de envío y se archivaron en el correcto.`,
  processed: (time) => `Última ejecución a las ${time}.`,
  tables: 'Tablas',
  rows: 'filas',
  day: 'Día',
  hour: 'Hora',
  more: 'Pregunta más con SQL: chatlake query',
};

const SPOKEN: Readonly<Record<string, Words>> = { en, pt, es };

/** The words for an `Accept-Language` header: the language it wants most of those there are, else English. */
export function wordsFor(header: string | undefined): Words {
  const wishes = (header ?? '').split(',').map((part) => {
    const [tag = '', ...parameters] = part.trim().toLowerCase().split(';');
    const quality = parameters.map((parameter) => /^\s*q=([\d.]+)$/.exec(parameter)?.[1]).find((value) => value !== undefined);
    return { language: tag.split('-')[0] ?? '', quality: quality === undefined ? 1 : Number(quality) };
  });
  const best = wishes.filter(({ language, quality }) => quality > 0 && language in SPOKEN).sort((a, b) => b.quality - a.quality)[0];
  return SPOKEN[best?.language ?? 'en'] ?? en;
}
