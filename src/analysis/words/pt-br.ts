import { countingIn } from './counting.js';
import { datesOf } from './dates.js';
import { shortDuration } from './duration.js';
import type { Words } from './types.js';

const { count, plural } = countingIn('pt-BR');
const PER = { hour: 'por hora', day: 'por dia', week: 'por semana', month: 'por mês' } as const;
const NOTHING = 'Nenhuma mensagem com estes filtros. Escolha um período maior ou remova um filtro.';
const NOBODY = 'Ninguém escreveu com estes filtros. Escolha um período maior ou remova um filtro.';
const NO_QUESTIONS = 'Nenhuma pergunta com estes filtros. Escolha um período maior ou remova um filtro.';
const DAYS = ['segundas', 'terças', 'quartas', 'quintas', 'sextas', 'sábados', 'domingos'];

export const PT_BR: Words = {
  panels: {
    series: { title: ({ bucket }) => `Mensagens ${PER[bucket]}, por canal`, empty: NOTHING },
    'series-kinds': { title: ({ bucket }) => `Mensagens ${PER[bucket]}, por tipo`, empty: NOTHING },
    before: { title: ({ bucket }) => `Mensagens ${PER[bucket]} no período anterior`, empty: 'Nenhuma mensagem no período anterior.' },
    hours: { title: () => 'Mensagens por hora do dia', empty: NOTHING },
    weekdays: { title: () => 'Mensagens por dia da semana', empty: NOTHING },
    heatmap: { title: () => 'Mensagens por dia da semana e hora', empty: NOTHING },
    weeks: { title: () => 'Mensagens por semana', empty: NOTHING },
    kinds: { title: () => 'Mensagens por tipo', empty: NOTHING },
    people: { title: () => 'Quem mais escreve', empty: NOBODY },
    lengths: {
      title: () => 'Tamanho médio das mensagens, por pessoa',
      note: 'Caracteres, e mensagens, das 50 que mais escrevem.',
      empty: NOBODY,
    },
    conversations: { title: () => 'Conversas com mais mensagens', empty: NOTHING },
    active: {
      title: () => 'Pessoas ativas por dia, semana e mês',
      note: 'Semanas e meses nas pontas do período contam só os dias dentro dele.',
      empty: NOBODY,
    },
    newcomers: {
      title: ({ bucket }) => `Pessoas novas e de volta ${PER[bucket === 'hour' ? 'day' : bucket]}`,
      note: 'Nova: a primeira mensagem em todo o lago.',
      empty: NOBODY,
    },
    retention: {
      title: () => 'Quem volta, por semana da primeira mensagem',
      note: 'As últimas doze semanas do período.',
      empty: 'Ninguém escreveu pela primeira vez neste período. Escolha um maior.',
    },
    contents: {
      title: () => 'O que mais se diz, palavra por palavra',
      note: 'Sem distinguir maiúsculas, acentos e risadas; duas vezes ou mais.',
      empty: 'Nenhum texto foi dito duas vezes com estes filtros. Escolha um período maior.',
    },
    words: {
      title: () => 'Palavras mais usadas',
      note: 'Sem artigos, pronomes e afins; duas vezes ou mais.',
      empty: 'Nenhuma palavra foi usada duas vezes com estes filtros. Escolha um período maior.',
    },
    hashtags: { title: () => 'Hashtags mais usadas', empty: 'Nenhuma hashtag com estes filtros. O Telegram as marca; o WhatsApp, não.' },
    commands: { title: () => 'Comandos de bot mais usados', empty: 'Nenhum comando de bot com estes filtros.' },
    languages: {
      title: () => 'Mensagens por idioma do aplicativo',
      empty: 'Nenhum idioma conhecido com estes filtros. O Telegram o informa para algumas pessoas; o WhatsApp, não.',
    },
    topics: {
      title: () => 'Tópicos do fórum com mais mensagens',
      empty: 'Nenhuma mensagem em tópicos. Só grupos do Telegram com tópicos as têm.',
    },
    members: {
      title: ({ bucket }) => `Entradas e saídas ${PER[bucket === 'hour' ? 'day' : bucket]}`,
      note: 'Segue o período, o canal, a conversa e o dia da semana. Só Telegram.',
      empty:
        'Ninguém entrou ou saiu. Grupos grandes escondem essas mensagens: torne o bot administrador para receber as mudanças de membros.',
    },
    reactions: {
      title: () => 'Reações, por emoji',
      note: 'Segue o período, o canal, a conversa e o dia da semana.',
      empty: 'Nenhuma reação. No Telegram o bot só as recebe como administrador.',
    },
    'reaction-rate': {
      title: () => 'Reações por mensagem ao longo do tempo',
      note: 'Segue o período, o canal, a conversa e o dia da semana.',
      empty: 'Nenhuma reação. No Telegram o bot só as recebe como administrador.',
    },
    response: {
      title: () => 'Tempo até a primeira resposta, por quem a deu',
      note: 'Nunca: não em até 24 horas.',
      empty: NO_QUESTIONS,
    },
    target: { title: ({ targetMinutes }) => `Perguntas respondidas em até ${shortDuration(targetMinutes * 60)}`, empty: NO_QUESTIONS },
    responders: { title: () => 'Quem responde, e em quanto tempo', empty: 'Nenhuma pergunta foi respondida com estes filtros.' },
    'command-outcomes': {
      title: () => 'Como os comandos do bot são respondidos',
      note: 'Resolvida: respondida, e nem repetida nem seguida de reclamação em 24 horas.',
      empty: 'Nenhum comando de bot dado por pessoas com estes filtros.',
    },
    'topic-outcomes': {
      title: () => 'Como as perguntas nos tópicos do fórum são respondidas',
      note: 'Resolvida: respondida, e nem repetida nem seguida de reclamação em 24 horas.',
      empty: 'Nenhuma pergunta em tópicos de fórum. Só grupos do Telegram com tópicos os têm.',
    },
    delivery: {
      title: () => 'O destino das mensagens enviadas no WhatsApp',
      note: 'Segue o período, o canal e o dia da semana.',
      empty: 'Nenhum status de entrega. Só mensagens enviadas pelo WhatsApp os têm; nenhum filtro de conversa os alcança.',
    },
    funnel: {
      title: () => 'Até onde chegam os envios no WhatsApp',
      note: 'Em até 24 h do envio. Não segue pessoa, tipo nem hora.',
      empty: 'Nenhuma mensagem da empresa no WhatsApp. Elas são conhecidas pelos status de entrega, ou onde são capturadas.',
    },
  },
  columns: {
    hour: 'Hora',
    date: 'Dia',
    week: 'Semana',
    month: 'Mês',
    weekday: 'Dia da semana',
    channel: 'Canal',
    messages: 'Mensagens',
    kind: 'Tipo',
    person: 'Pessoa',
    name: 'Nome',
    length: 'Tamanho médio',
    conversation: 'Conversa',
    unit: 'Por',
    people: 'Pessoas',
    new: 'Novas',
    returning: 'De volta',
    cohort: 'Primeira mensagem na semana de',
    content: 'Texto',
    word: 'Palavra',
    uses: 'Usos',
    hashtag: 'Hashtag',
    command: 'Comando',
    language: 'Idioma',
    topic: 'Tópico',
    joins: 'Entradas',
    leaves: 'Saídas',
    growth: 'Crescimento',
    emoji: 'Reação',
    reactions: 'Reações',
    perMessage: 'Por mensagem',
    within: 'Em até',
    by: 'Por',
    questions: 'Perguntas',
    requests: 'Pedidos',
    answered: 'Respondidas',
    resolved: 'Resolvidas',
    met: 'No prazo',
    share: 'Parte',
    bot: 'Bot',
    answers: 'Respostas',
    median: 'Tempo mediano',
    status: 'Status',
    code: 'Erro',
    reason: 'Motivo',
    deliveries: 'Entregas',
  },
  figures: {
    messages: { label: 'Mensagens' },
    people: { label: 'Pessoas' },
    conversations: { label: 'Conversas' },
    newPeople: { label: 'Pessoas novas' },
    questions: { label: 'Perguntas' },
    medianResponse: { label: 'Resposta mediana', none: 'Nenhuma pergunta foi respondida em até 24 horas.' },
    unanswered: { label: 'Sem resposta' },
    resolvedShare: { label: 'Resolvidas', none: 'Nenhuma pergunta foi respondida em 24 horas.' },
    mediaShare: { label: 'Com mídia', none: 'Nenhuma mensagem.' },
  },
  answers: {
    when: {
      question: 'Quando mais escrevem?',
      sentence: ({ weekday, hour, share }) => [
        'Sobretudo ',
        { strong: `${weekday > 5 ? 'aos' : 'às'} ${DAYS[weekday - 1]}, às ${hour}h` },
        ': essa hora reúne ',
        { strong: share },
        ' das mensagens.',
      ],
      few: (messages) => ['Cedo para dizer: há só ', { strong: count(messages) }, plural(messages, ' mensagem.', ' mensagens.')],
      none: ['Ninguém escreveu neste período.'],
      evidence: ({ messages, days, timezone }) =>
        `${plural(messages, '# mensagem', '# mensagens')} em ${plural(days, '# dia', '# dias')}, no horário de ${timezone}.`,
    },
    asked: {
      question: 'O que mais perguntam?',
      sentence: ({ questions, most, times }) => [
        { strong: `“${most}”` },
        plural(times, ', uma vez', ', # vezes') + plural(questions, ', a única pergunta.', ', entre # perguntas.'),
      ],
      apart: (questions) => [
        { strong: count(questions) },
        plural(questions, ' pergunta foi feita.', ' perguntas, nenhuma duas vezes com as mesmas palavras.'),
      ],
      none: ['Nenhuma pergunta foi reconhecida neste período.'],
      evidence: ({ questions, people }) =>
        `${plural(questions, '# pergunta', '# perguntas')} de ${plural(people, '# pessoa', '# pessoas')}.`,
    },
    helping: {
      question: 'As perguntas são respondidas? Em quanto tempo?',
      sentence: ({ answered, median, unanswered }) => [
        { strong: answered },
        ' das perguntas tiveram resposta, metade delas em até ',
        { strong: median },
        '; ',
        { strong: count(unanswered) },
        plural(unanswered, ' ficou sem.', ' ficaram sem.'),
      ],
      none: ['Nenhuma pergunta, logo nada a responder.'],
      nobody: (questions) =>
        questions === 1
          ? ['A única pergunta não teve resposta que se veja aqui.']
          : ['Nenhuma das ', { strong: count(questions) }, ' perguntas teve resposta que se veja aqui.'],
      evidence: ({ questions, bot }) =>
        `${plural(questions, '# pergunta', '# perguntas')}${bot === null ? '' : `; ${bot} das respostas por um bot ou pela empresa`}. Em até 24 horas.`,
      missing: 'O que o bot ou a empresa envia não é captado aqui; faltam, portanto, as suas respostas.',
      statuses: 'O que a empresa envia no WhatsApp só se conhece pelos status de entrega.',
    },
    helped: {
      question: 'E as respostas ajudam?',
      sentence: ({ resolved, useless }) => [
        { strong: resolved },
        ' das perguntas foram resolvidas; ',
        { strong: useless },
        ' das respostas não ajudaram.',
      ],
      few: (answered) => ['É cedo para dizer. Perguntas respondidas até agora: ', { strong: count(answered) }, '.'],
      none: ['Nenhuma resposta aparece aqui, então não se pode dizer se ajuda.'],
      evidence: ({ answered, useless }) =>
        `${plural(answered, '# pergunta respondida', '# perguntas respondidas')}; repetidas ou seguidas de reclamação em 24 horas: ${count(useless)}.`,
    },
    silent: {
      question: 'Quem se calou?',
      sentence: ({ people, share, before }) => [
        { strong: count(people) },
        plural(before, ' de # pessoa ativa no período anterior', ' das # pessoas ativas no período anterior'),
        plural(people, ' nada escreveu neste (', ' nada escreveram neste ('),
        { strong: share },
        ').',
      ],
      nobody: (before) =>
        before === 1
          ? ['Ninguém: a única pessoa ativa no período anterior escreveu de novo.']
          : ['Ninguém: as ', { strong: count(before) }, ' pessoas ativas no período anterior escreveram de novo.'],
      quiet: ['Ninguém escreveu no período anterior; ninguém, portanto, se calou.'],
      none: ['Não há período anterior com que comparar.'],
      evidence: (before) => `O período anterior: ${datesOf('pt-BR', before)}.`,
      underway: 'O dia não terminou.',
    },
    active: {
      question: 'Quem está ativo, e quem é novo?',
      nameless: (end) => `alguém sem nome (…${end})`,
      sentence: ({ people, newcomers, name, share }) =>
        people === 1
          ? ['Só ', { strong: name }, newcomers === 1 ? ' escreveu, e pela primeira vez.' : ' escreveu.']
          : [
              { strong: count(people) },
              ' pessoas escreveram, ',
              { strong: count(newcomers) },
              ' delas pela primeira vez; mais que todas, ',
              { strong: name },
              ` (${share} do que as pessoas escreveram).`,
            ],
      none: ['Ninguém escreveu neste período.'],
      evidence: ({ messages, share }) =>
        `${plural(messages, '# mensagem', '# mensagens')} de pessoas; as dez mais ativas escreveram ${share}.`,
    },
    begins: (date) => `O lago começa em ${datesOf('pt-BR', { from: date, to: date })}.`,
    small: 'Amostra pequena: tome como indício.',
    duration: shortDuration,
  },
  errors: {
    130472: 'A pessoa faz parte de um experimento do WhatsApp',
    130429: 'Mensagens demais enviadas de uma vez',
    131000: 'Algo deu errado no WhatsApp',
    131005: 'Falta uma permissão ao token de acesso',
    131008: 'Faltou um parâmetro obrigatório',
    131009: 'Um parâmetro estava errado',
    131021: 'Remetente e destinatário são o mesmo número',
    131026: 'A pessoa não pode ser alcançada: sem WhatsApp, versão antiga ou termos não aceitos',
    131031: 'A conta da empresa está bloqueada',
    131042: 'Há um problema com a forma de pagamento',
    131047: 'Mais de 24 horas desde a última mensagem da pessoa: só um modelo pode ser enviado',
    131048: 'Envio limitado por mensagens bloqueadas ou denunciadas',
    131049: 'O WhatsApp reteve para poupar a pessoa de marketing demais',
    131051: 'Este tipo de mensagem não é aceito',
    131052: 'A mídia não pôde ser baixada',
    131053: 'A mídia não pôde ser enviada',
    131056: 'Mensagens demais para a mesma pessoa em pouco tempo',
    132000: 'O modelo recebeu o número errado de parâmetros',
    132001: 'O modelo não existe neste idioma',
    132015: 'O modelo está pausado por baixa qualidade',
    132016: 'O modelo está desativado por baixa qualidade',
    470: 'Mais de 24 horas desde a última mensagem da pessoa',
    480: 'A identidade da pessoa mudou',
  },
};
