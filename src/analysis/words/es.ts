import { countingIn } from './counting.js';
import { datesOf } from './dates.js';
import { shortDuration } from './duration.js';
import type { Words } from './types.js';

const { count, plural } = countingIn('es');
const PER = { hour: 'por hora', day: 'por día', week: 'por semana', month: 'por mes' } as const;
const NOTHING = 'Ningún mensaje con estos filtros. Elija un período más largo o quite un filtro.';
const NOBODY = 'Nadie escribió con estos filtros. Elija un período más largo o quite un filtro.';
const NO_QUESTIONS = 'Ninguna pregunta con estos filtros. Elija un período más largo o quite un filtro.';
const DAYS = ['lunes', 'martes', 'miércoles', 'jueves', 'viernes', 'sábados', 'domingos'];

export const ES: Words = {
  panels: {
    series: { title: ({ bucket }) => `Mensajes ${PER[bucket]}, por canal`, empty: NOTHING },
    'series-kinds': { title: ({ bucket }) => `Mensajes ${PER[bucket]}, por tipo`, empty: NOTHING },
    before: { title: ({ bucket }) => `Mensajes ${PER[bucket]} en el período anterior`, empty: 'Ningún mensaje en el período anterior.' },
    hours: { title: () => 'Mensajes por hora del día', empty: NOTHING },
    weekdays: { title: () => 'Mensajes por día de la semana', empty: NOTHING },
    heatmap: { title: () => 'Mensajes por día de la semana y hora', empty: NOTHING },
    weeks: { title: () => 'Mensajes por semana', empty: NOTHING },
    kinds: { title: () => 'Mensajes por tipo', empty: NOTHING },
    people: { title: () => 'Quién escribe más', empty: NOBODY },
    lengths: {
      title: () => 'Largo medio de los mensajes, por persona',
      note: 'Caracteres, y mensajes, de las 50 que más escriben.',
      empty: NOBODY,
    },
    conversations: { title: () => 'Conversaciones con más mensajes', empty: NOTHING },
    active: {
      title: () => 'Personas activas por día, semana y mes',
      note: 'Las semanas y los meses en los extremos del período cuentan solo los días dentro de él.',
      empty: NOBODY,
    },
    newcomers: {
      title: ({ bucket }) => `Personas nuevas y que vuelven ${PER[bucket === 'hour' ? 'day' : bucket]}`,
      note: 'Nueva: el primer mensaje en todo el lago.',
      empty: NOBODY,
    },
    retention: {
      title: () => 'Quién vuelve, por semana del primer mensaje',
      note: 'Las últimas doce semanas del período.',
      empty: 'Nadie escribió por primera vez en este período. Elija uno más largo.',
    },
    contents: {
      title: () => 'Lo que más se dice, palabra por palabra',
      note: 'Sin distinguir mayúsculas, acentos ni risas; dos veces o más.',
      empty: 'Ningún texto se dijo dos veces con estos filtros. Elija un período más largo.',
    },
    words: {
      title: () => 'Palabras más usadas',
      note: 'Sin artículos, pronombres y demás; dos veces o más.',
      empty: 'Ninguna palabra se usó dos veces con estos filtros. Elija un período más largo.',
    },
    hashtags: { title: () => 'Hashtags más usados', empty: 'Ningún hashtag con estos filtros. Telegram los marca; WhatsApp, no.' },
    commands: { title: () => 'Comandos de bot más usados', empty: 'Ningún comando de bot con estos filtros.' },
    languages: {
      title: () => 'Mensajes por idioma de la aplicación',
      empty: 'Ningún idioma conocido con estos filtros. Telegram lo dice de algunas personas; WhatsApp, no.',
    },
    topics: {
      title: () => 'Temas del foro con más mensajes',
      empty: 'Ningún mensaje en temas. Solo los grupos de Telegram con temas los tienen.',
    },
    members: {
      title: ({ bucket }) => `Entradas y salidas ${PER[bucket === 'hour' ? 'day' : bucket]}`,
      note: 'Sigue el período, el canal, la conversación y el día de la semana. Solo Telegram.',
      empty:
        'Nadie entró ni salió. Los grupos grandes ocultan esos mensajes: haga administrador al bot para recibir los cambios de miembros.',
    },
    reactions: {
      title: () => 'Reacciones, por emoji',
      note: 'Sigue el período, el canal, la conversación y el día de la semana.',
      empty: 'Ninguna reacción. En Telegram el bot solo las recibe como administrador.',
    },
    'reaction-rate': {
      title: () => 'Reacciones por mensaje a lo largo del tiempo',
      note: 'Sigue el período, el canal, la conversación y el día de la semana.',
      empty: 'Ninguna reacción. En Telegram el bot solo las recibe como administrador.',
    },
    response: {
      title: () => 'Tiempo hasta la primera respuesta, por quien la dio',
      note: 'Nunca: no en 24 horas.',
      empty: NO_QUESTIONS,
    },
    target: { title: ({ targetMinutes }) => `Preguntas respondidas en ${shortDuration(targetMinutes * 60)} o menos`, empty: NO_QUESTIONS },
    responders: { title: () => 'Quién responde, y en cuánto tiempo', empty: 'Ninguna pregunta fue respondida con estos filtros.' },
    'command-outcomes': {
      title: () => 'Cómo se responden los comandos del bot',
      note: 'Resuelta: respondida, y ni repetida ni seguida de una queja en 24 horas.',
      empty: 'Ningún comando de bot dado por personas con estos filtros.',
    },
    'topic-outcomes': {
      title: () => 'Cómo se responden las preguntas en los temas del foro',
      note: 'Resuelta: respondida, y ni repetida ni seguida de una queja en 24 horas.',
      empty: 'Ninguna pregunta en temas de foro. Solo los grupos de Telegram con temas los tienen.',
    },
    delivery: {
      title: () => 'Qué fue de los mensajes enviados por WhatsApp',
      note: 'Sigue el período, el canal y el día de la semana.',
      empty: 'Ningún estado de entrega. Solo los mensajes enviados por WhatsApp los tienen; ningún filtro de conversación los alcanza.',
    },
    funnel: {
      title: () => 'Hasta dónde llegan los envíos por WhatsApp',
      note: 'En 24 h tras el envío. No sigue persona, tipo ni hora.',
      empty: 'Ningún mensaje de la empresa en WhatsApp. Se conocen por los estados de entrega, o donde se capturan.',
    },
  },
  columns: {
    hour: 'Hora',
    date: 'Día',
    week: 'Semana',
    month: 'Mes',
    weekday: 'Día de la semana',
    channel: 'Canal',
    messages: 'Mensajes',
    kind: 'Tipo',
    person: 'Persona',
    name: 'Nombre',
    length: 'Largo medio',
    conversation: 'Conversación',
    unit: 'Por',
    people: 'Personas',
    new: 'Nuevas',
    returning: 'Vuelven',
    cohort: 'Primer mensaje en la semana del',
    content: 'Texto',
    word: 'Palabra',
    uses: 'Usos',
    hashtag: 'Hashtag',
    command: 'Comando',
    language: 'Idioma',
    topic: 'Tema',
    joins: 'Entradas',
    leaves: 'Salidas',
    growth: 'Crecimiento',
    emoji: 'Reacción',
    reactions: 'Reacciones',
    perMessage: 'Por mensaje',
    within: 'En',
    by: 'Por',
    questions: 'Preguntas',
    requests: 'Peticiones',
    answered: 'Respondidas',
    resolved: 'Resueltas',
    met: 'A tiempo',
    share: 'Parte',
    bot: 'Bot',
    answers: 'Respuestas',
    median: 'Tiempo mediano',
    status: 'Estado',
    code: 'Error',
    reason: 'Motivo',
    deliveries: 'Entregas',
  },
  figures: {
    messages: { label: 'Mensajes' },
    people: { label: 'Personas' },
    conversations: { label: 'Conversaciones' },
    newPeople: { label: 'Personas nuevas' },
    questions: { label: 'Preguntas' },
    medianResponse: { label: 'Respuesta mediana', none: 'Ninguna pregunta fue respondida en 24 horas.' },
    unanswered: { label: 'Sin respuesta' },
    resolvedShare: { label: 'Resueltas', none: 'Ninguna pregunta fue respondida en 24 horas.' },
    mediaShare: { label: 'Con medios', none: 'Ningún mensaje.' },
  },
  answers: {
    when: {
      question: '¿Cuándo escriben más?',
      sentence: ({ weekday, hour, share }) => [
        'Sobre todo ',
        { strong: `los ${DAYS[weekday - 1]} a las ${hour}:00` },
        ': esa hora reúne el ',
        { strong: share },
        ' de los mensajes.',
      ],
      few: (messages) => ['Es pronto para decirlo: hay solo ', { strong: count(messages) }, plural(messages, ' mensaje.', ' mensajes.')],
      none: ['Nadie escribió en este período.'],
      evidence: ({ messages, days, timezone }) =>
        `${plural(messages, '# mensaje', '# mensajes')} en ${plural(days, '# día', '# días')}, en la hora de ${timezone}.`,
    },
    asked: {
      question: '¿Qué preguntan más?',
      sentence: ({ questions, most, times }) => [
        { strong: `“${most}”` },
        plural(times, ', una vez', ', # veces') + plural(questions, ', la única pregunta.', ', entre # preguntas.'),
      ],
      apart: (questions) => [
        { strong: count(questions) },
        plural(questions, ' pregunta se hizo.', ' preguntas, ninguna dos veces con las mismas palabras.'),
      ],
      none: ['No se reconoció ninguna pregunta en este período.'],
      evidence: ({ questions, people }) =>
        `${plural(questions, '# pregunta', '# preguntas')} de ${plural(people, '# persona', '# personas')}.`,
    },
    helping: {
      question: '¿Se responden las preguntas? ¿En cuánto tiempo?',
      sentence: ({ answered, median, unanswered }) => [
        'El ',
        { strong: answered },
        ' de las preguntas tuvo respuesta, la mitad en ',
        { strong: median },
        ' o menos; ',
        { strong: count(unanswered) },
        plural(unanswered, ' quedó sin ella.', ' quedaron sin ella.'),
      ],
      none: ['Ninguna pregunta, así que nada que responder.'],
      nobody: (questions) =>
        questions === 1
          ? ['La única pregunta no tuvo una respuesta que se vea aquí.']
          : ['Ninguna de las ', { strong: count(questions) }, ' preguntas tuvo una respuesta que se vea aquí.'],
      evidence: ({ questions, bot }) =>
        `${plural(questions, '# pregunta', '# preguntas')}${bot === null ? '' : `; el ${bot} de las respuestas, por un bot o la empresa`}. En 24 horas.`,
      missing: 'Lo que envía el bot o la empresa no se capta aquí; faltan, pues, sus respuestas.',
      statuses: 'Lo que la empresa envía por WhatsApp solo se conoce por los estados de entrega.',
    },
    helped: {
      question: '¿Y ayudan las respuestas?',
      sentence: ({ resolved, useless }) => [
        { strong: resolved },
        ' de las preguntas quedaron resueltas; ',
        { strong: useless },
        ' de las respuestas no ayudaron.',
      ],
      few: (answered) => ['Es pronto para decirlo. Preguntas respondidas hasta ahora: ', { strong: count(answered) }, '.'],
      none: ['Aquí no se ve ninguna respuesta, así que no se puede decir si ayuda.'],
      evidence: ({ answered, useless }) =>
        `${plural(answered, '# pregunta respondida', '# preguntas respondidas')}; repetidas o seguidas de una queja en 24 horas: ${count(useless)}.`,
    },
    silent: {
      question: '¿Quién calló?',
      sentence: ({ people, share, before }) => [
        { strong: count(people) },
        plural(before, ' de # persona activa en el período anterior', ' de las # personas activas en el período anterior'),
        plural(people, ' no escribió nada en este (', ' no escribieron nada en este ('),
        { strong: share },
        ').',
      ],
      nobody: (before) =>
        before === 1
          ? ['Nadie: la única persona activa en el período anterior escribió de nuevo.']
          : ['Nadie: las ', { strong: count(before) }, ' personas activas en el período anterior escribieron de nuevo.'],
      quiet: ['Nadie escribió en el período anterior; nadie, pues, calló.'],
      none: ['No hay un período anterior con que comparar.'],
      evidence: (before) => `El período anterior: ${datesOf('es', before)}.`,
      underway: 'El día no ha terminado.',
    },
    active: {
      question: '¿Quién está activo, y quién es nuevo?',
      nameless: (end) => `alguien sin nombre (…${end})`,
      sentence: ({ people, newcomers, name, share }) =>
        people === 1
          ? ['Solo ', { strong: name }, newcomers === 1 ? ' escribió, y por primera vez.' : ' escribió.']
          : [
              { strong: count(people) },
              ' personas escribieron, ',
              { strong: count(newcomers) },
              ' de ellas por primera vez; más que nadie, ',
              { strong: name },
              ` (${share} de lo que escribieron las personas).`,
            ],
      none: ['Nadie escribió en este período.'],
      evidence: ({ messages, share }) =>
        `${plural(messages, '# mensaje', '# mensajes')} de personas; las diez más activas escribieron el ${share}.`,
    },
    begins: (date) => `El lago empieza el ${datesOf('es', { from: date, to: date })}.`,
    small: 'Una muestra pequeña: tómela como indicio.',
    duration: shortDuration,
  },
  errors: {
    130472: 'La persona es parte de un experimento de WhatsApp',
    130429: 'Demasiados mensajes enviados a la vez',
    131000: 'Algo falló en WhatsApp',
    131005: 'Al token de acceso le falta un permiso',
    131008: 'Faltó un parámetro obligatorio',
    131009: 'Un parámetro estaba mal',
    131021: 'Remitente y destinatario son el mismo número',
    131026: 'No se puede alcanzar a la persona: sin WhatsApp, versión antigua o términos no aceptados',
    131031: 'La cuenta de la empresa está bloqueada',
    131042: 'Hay un problema con la forma de pago',
    131047: 'Más de 24 horas desde el último mensaje de la persona: solo se puede enviar una plantilla',
    131048: 'Envío limitado por mensajes bloqueados o denunciados',
    131049: 'WhatsApp lo retuvo para ahorrarle a la persona demasiado marketing',
    131051: 'Este tipo de mensaje no se admite',
    131052: 'No se pudieron descargar los medios',
    131053: 'No se pudieron subir los medios',
    131056: 'Demasiados mensajes a la misma persona en poco tiempo',
    132000: 'La plantilla recibió un número equivocado de parámetros',
    132001: 'La plantilla no existe en este idioma',
    132015: 'La plantilla está en pausa por baja calidad',
    132016: 'La plantilla está desactivada por baja calidad',
    470: 'Más de 24 horas desde el último mensaje de la persona',
    480: 'La identidad de la persona cambió',
  },
};
