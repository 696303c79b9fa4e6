/** What the simulated group says. Everything here is invented; a `|` separates wordings of which one is taken. */

export interface Question {
  readonly ask: string;
  readonly answers: readonly string[];
}

export const QUESTIONS: readonly Question[] = [
  {
    ask: 'alguém sabe como faço um left join sem duplicar as linhas?|meu left join tá duplicando linha, o que pode ser?',
    answers: [
      'confere se a chave da direita é única',
      'agrega antes de juntar que resolve',
      'quase sempre é a tabela da direita com chave repetida',
      'roda um count distinct na chave pra ter certeza',
    ],
  },
  {
    ask: 'como eu leio um csv gigante no pandas sem estourar a memória?',
    answers: [
      'usa chunksize',
      'troca por duckdb, lê direto do arquivo',
      'polars com scan_csv tb vai bem',
      'passa o dtype das colunas, ajuda muito',
    ],
  },
  {
    ask: 'qual a diferença entre where e having?',
    answers: ['where filtra antes de agrupar, having depois', 'having é pra filtrar o resultado do group by'],
  },
  {
    ask: 'parquet ou csv pra guardar os dados do dia?',
    answers: ['parquet sem pensar', 'parquet particionado por data 👌', 'csv só se alguém for abrir no excel'],
  },
  {
    ask: 'dá pra usar window function pra pegar a última mensagem de cada pessoa?',
    answers: [
      'row_number() over (partition by pessoa order by data desc) e filtra = 1',
      'dá sim, row_number resolve',
      'max_by também funciona em alguns bancos',
    ],
  },
  {
    ask: 'vale a pena tirar certificação pra primeira vaga?|certificação ajuda na primeira vaga de dados?',
    answers: [
      'ajuda, mas projeto no github ajuda mais',
      'faz um projeto de ponta a ponta e conta a história dele',
      'no meu caso ajudou a passar no filtro do rh',
      'depende da vaga',
    ],
  },
  {
    ask: 'como vocês tratam fuso horário? aqui o relatório sai 3h adiantado',
    answers: [
      'guarda em UTC e converte só na hora de mostrar',
      'particiona pela data local senão a noite vai parar no dia seguinte',
      'já sofri muito com isso kkkk',
    ],
  },
  {
    ask: 'o athena cobra por consulta ou por dado lido?',
    answers: ['por dado lido, por isso particiona', 'por TB lido, parquet deixa bem mais barato'],
  },
  {
    ask: 'alguém tem um exemplo de dashboard bom pra me inspirar?',
    answers: ['menos gráfico e mais resposta, minha dica', 'tenho um aqui, mando mais tarde', 'evita pizza pelo amor 😂'],
  },
  {
    ask: 'power bi ou looker pra começar?',
    answers: ['o que a sua empresa já paga', 'power bi tem mais vaga', 'aprende sql primeiro, o resto vem'],
  },
  {
    ask: 'como eu faço pra agendar um script todo dia à meia noite?',
    answers: ['cron resolve', 'se já tá na nuvem, usa o agendador de lá', 'só cuida do fuso do servidor'],
  },
  {
    ask: 'o que é idempotente mesmo?',
    answers: ['rodar duas vezes dá no mesmo que rodar uma', 'é o que salva a gente quando o job roda de novo kkkk'],
  },
  { ask: 'tem como contar emoji com sql?', answers: ['regexp_extract_all com o intervalo unicode', 'dá, mas cuidado com emoji composto'] },
  { ask: 'média ou mediana pro tempo de resposta?', answers: ['mediana, a média sofre com os extremos', 'mostra as duas e o p90'] },
  {
    ask: 'alguém já usou dbt em projeto pequeno?',
    answers: ['sim, mesmo pequeno vale pelos testes', 'acho exagero pra 3 tabelas', 'usei, curti a documentação automática'],
  },
  {
    ask: 'como validar se o dado de ontem chegou completo?',
    answers: [
      'compara a contagem do bruto com a do tratado',
      'tem que fechar: bruto = linhas + duplicadas + rejeitadas',
      'alerta quando o dia vem vazio',
    ],
  },
  { ask: 'regressão logística ainda é usada no mercado?', answers: ['demais, crédito vive disso', 'é meu primeiro modelo sempre'] },
  {
    ask: 'qual livro vocês indicam pra estatística?',
    answers: [
      'procura um com exemplos práticos e faz os exercícios',
      'o que funcionou pra mim foi refazer as contas na mão',
      'tem a lista fixada do grupo',
    ],
  },
  {
    ask: 'que horas é o encontro de quinta?|o encontro de quinta tá de pé?',
    answers: ['19h, online', 'sim! link fica no fixado', '19h como sempre'],
  },
  {
    ask: 'alguém consegue revisar meu currículo?',
    answers: ['manda no privado', 'posta aqui sem os dados pessoais que a gente olha', 'consigo amanhã'],
  },
  { ask: 'por que meu count(*) dá diferente do count(coluna)?', answers: ['count(coluna) ignora nulo', 'por causa dos nulos'] },
  { ask: 'como guardo o histórico de um campo que muda?', answers: ['scd tipo 2', 'guarda uma linha por versão com data de início e fim'] },
  {
    ask: 'existe algum jeito fácil de achar outlier?',
    answers: ['começa pelo boxplot', 'iqr é um bom começo', 'olha o gráfico antes de qualquer regra'],
  },
  {
    ask: 'quanto tempo vocês levaram pra conseguir a primeira vaga?',
    answers: ['8 meses', '1 ano e pouco, mas não desiste', 'uns 5 meses, com indicação'],
  },
];

export const GREETINGS = ['bom dia', 'bom dia', 'bom dia!', 'bom dia pessoal', 'bom dia, gente ☀️', 'Bom dia', 'bom diaaa', 'opa, bom dia'];
export const EVENINGS = ['boa noite', 'boa noite', 'boa noite pessoal', 'boa noite, até amanhã 👋', 'fui, boa noite'];
export const THANKS = [
  'obrigado!',
  'obrigada!',
  'valeu',
  'valeu demais 🙏',
  'obrigado',
  'funcionou, obrigada!',
  'show, era isso',
  'top, vou testar',
  'salvou meu dia 🙏',
];
export const LAUGHS = ['kkkk', 'kkkkk', 'kkkkkkkk', 'rsrs', 'kkkk verdade', '😂', '😂😂😂', 'hahaha', 'kkkkkk morri'];
export const AGREES = ['sim', 'verdade', 'com certeza', 'exato', '+1', 'concordo', 'isso', 'boa', 'aham', 'tb acho', 'ok', '👍', '👏👏'];
export const CHATTER = [
  'hoje o pipeline rodou de primeira, nem acreditei',
  'alguém mais com o sistema lento hoje?',
  'reunião que podia ser um email, parte 348',
  'finalmente entendi cte recursiva',
  'sexta feira e o cliente pede "só um ajustezinho"',
  'a apresentação deu certo!! 🎉',
  'passei na entrevista técnica 🥹',
  'o gráfico ficou lindo mas o número tava errado kkkk',
  'quem inventou dado em pdf merece um castigo',
  'descobri que o relatório que eu mantinha ninguém abria desde março',
  'café número 4 e contando ☕',
  'hoje aprendi a usar explain e minha vida mudou',
  'o estagiário achou um bug que tava lá fazia 2 anos 👏',
  'semana que vem tem o desafio do grupo, quem anima?',
  'meu notebook pediu arrego com 40 milhões de linhas',
  'terminei o curso de estatística!',
  'migramos tudo pra parquet e a conta caiu pela metade',
  'dica do dia: dá nome bom pras colunas',
];
export const COMMENTS = [
  'muito bom',
  'boa! 👏',
  'parabéns!!',
  'parabéns 🎉',
  'que massa',
  'tamo junto',
  'me identifico kkkk',
  'aqui igual',
  'força aí',
  'eu animo',
  'tô dentro',
  'quero ver',
];
export const LINKS: readonly { readonly text: string; readonly url: string }[] = [
  { text: 'achei esse guia de window functions muito bom', url: 'https://exemplo.example/guia-window-functions' },
  { text: 'base aberta nova de transporte', url: 'https://dados.example/transporte' },
  { text: 'gravação do encontro passado', url: 'https://clube.example/encontros/ultimo' },
  { text: 'comparativo de formatos de arquivo', url: 'https://blog.example/parquet-csv-avro' },
  { text: 'planilha com as vagas da semana', url: 'https://clube.example/vagas' },
  { text: 'curso gratuito de sql', url: 'https://cursos.example/sql' },
];
export const TAGGED = [
  '#vaga analista de dados júnior, remoto, salário divulgado',
  '#vaga engenharia de dados pleno, híbrido em Campinas',
  '#dica guardem o dado bruto sempre, um dia vocês vão precisar',
  '#dica antes de otimizar a consulta, olhem quanto dado ela lê',
  '#evento encontro online quinta 19h, tema: qualidade de dados',
  '#desafio quem consegue responder com uma consulta só? resultado na sexta',
  '#vaga estágio em bi, aceita quem tá começando 💙',
];
export const COMMANDS = ['/ajuda', '/regras', '/vagas', '/agenda', '/ajuda@ClubeDeDadosBot', '/ranking', '/start@ClubeDeDadosBot'];
export const WELCOMES = [
  'bem-vindo!',
  'seja bem-vinda 👋',
  'bem vindo, se apresenta aí',
  'oi! lê o fixado que tem as regras',
  'boas-vindas 🎉',
];
export const INTRODUCTIONS = [
  'oi gente, sou nova na área, vim da contabilidade',
  'opa, valeu por aceitar! tô migrando pra dados',
  'oi, estudo estatística e quero trabalhar com isso',
  'olá, trabalho com bi há 3 anos',
];
export const CAPTIONS = [
  'olhem o gráfico que saiu',
  'print do erro',
  'esse meme resume meu dia',
  'nosso quadro de hoje',
  'resultado do desafio',
  'achei isso no escritório kkkk',
];
export const POLLS: readonly { readonly question: string; readonly options: readonly string[] }[] = [
  { question: 'Tema do próximo encontro?', options: ['Qualidade de dados', 'SQL avançado', 'Visualização', 'Carreira'] },
  { question: 'Melhor horário pro desafio?', options: ['Sexta à noite', 'Sábado de manhã', 'Domingo à tarde'] },
  { question: 'O que vocês mais usam?', options: ['SQL', 'Python', 'Planilha', 'R'] },
];
export const DOCUMENTS: readonly { readonly name: string; readonly mime: string }[] = [
  { name: 'vendas_ficticias.csv', mime: 'text/csv' },
  { name: 'resumo_encontro.pdf', mime: 'application/pdf' },
  { name: 'desafio_da_semana.xlsx', mime: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet' },
  { name: 'consulta.sql', mime: 'application/sql' },
];
export const STICKERS = ['😂', '👍', '🎉', '😭', '🙏', '❤️', '🤔'];
export const REACTIONS = ['👍', '❤', '😁', '🔥', '👏', '🎉', '💯'];
export const EDITS = [' *', ' (corrigi)', ' edit: deu certo', ' aliás, vale pros dois casos'];
