import { mkdir, readdir, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import type { DuckDBConnection } from '@duckdb/node-api';
import { fileColumns } from '../../src/etl/fingerprint.js';
import { literal } from '../../src/sources/shape.js';
import { SOURCE_TABLES } from '../../src/sources/registry.js';

export interface LakeSize {
  readonly messages: number;
  readonly days: number;
  /** First day, `YYYY-MM-DD`. */
  readonly from: string;
}

/** Share of messages that are Telegram's. */
const TELEGRAM = 0.7;
const MONTH = 30;

/** Words by how often they are said; the first ones most. */
const WORDS =
  `que nao pra isso bom dia obrigado pessoal grupo servidor dados arquivo como hoje amanha reuniao cliente pedido entrega pagamento boleto pix
  relatorio planilha projeto codigo python consulta tabela banco erro problema ajuda duvida link video audio foto mensagem telefone numero loja
  produto preco desconto frete prazo cidade bairro rua casa escola curso aula prova livro filme musica jogo time gol festa praia chuva sol calor
  frio viagem carro onibus metro hotel comida almoco jantar cafe padaria mercado farmacia medico hospital exame remedio familia filho amigo`
    .split(/\s+/)
    .filter((word) => word !== '');

/** A number in [0, 1) from a row's number and a salt: the same lake every time. */
const unit = (salt: number, i = 'i') => `(hash(${i} * 64 + ${salt}) % 1000003 / 1000003.0)`;
const pick = (list: readonly string[], u: string) =>
  `([${list.map(literal).join(', ')}])[1 + CAST(floor(${list.length} * ${u}) AS INTEGER)]`;

const REPEATED = [
  'bom dia',
  'kkkkkkk',
  'Ok!',
  'obrigado',
  'Bom dia pessoal',
  'sim',
  'não',
  'valeu',
  'boa noite',
  'kkk',
  '👍',
  'boa tarde',
  'tudo bem?',
];
const QUESTIONS = [
  'alguém sabe como faço o pedido?',
  'qual o prazo de entrega?',
  'quanto custa o frete?',
  'onde fica a loja?',
  'como instalar o pacote',
];
/** Beginnings of sentences; what follows makes each one of its own. */
const BEGINNINGS = 20_000;

/** Sentences that texts are made of: to make each text from its words takes far longer. */
const PREPARE = [
  `SET VARIABLE words = [${WORDS.map(literal).join(', ')}]`,
  `CREATE TEMP TABLE sentences AS SELECT i AS place, array_to_string(list_transform(range(3 + CAST(floor(9 * ${unit(14)}) AS INTEGER)),
    lambda j: (getvariable('words'))[1 + CAST(floor(${WORDS.length} * pow(hash(i * 1000 + j) % 1000003 / 1000003.0, 2)) AS INTEGER)]), ' ') AS sentence
    FROM range(${BEGINNINGS}) t(i)`,
];
/** Which of them a row says: some are said by many. */
const place = `CAST(floor(${BEGINNINGS} * CASE WHEN ${unit(11)} < 0.36 THEN pow(${unit(14)}, 4) WHEN ${unit(11)} < 0.44 THEN pow(${unit(14)}, 3) ELSE ${unit(14)} END) AS BIGINT)`;

/** A name or a number that few others say: a lake has far more words than any day. */
const rare = `CAST(floor(200000 * pow(${unit(25)}, 3)) AS BIGINT)`;

/** A third say what many said, or a sentence that others said too; one in twelve asks, half of them in words of their own; the rest are sentences of their own. */
const text = `CASE WHEN ${unit(11)} < 0.25 THEN ${pick(REPEATED, `pow(${unit(12)}, 2)`)}
  WHEN ${unit(11)} < 0.36 THEN sentence
  WHEN ${unit(11)} < 0.40 THEN ${pick(QUESTIONS, unit(13))}
  WHEN ${unit(11)} < 0.44 THEN 'alguém sabe ' || sentence || '?'
  ELSE sentence || ' ' || ${rare} END`;

/** Seconds within a day: two humps, one before noon and one in the evening. */
const second = `CAST(floor(86399 * greatest(0, least(1, CASE WHEN ${unit(2)} < 0.45 THEN 0.42 ELSE 0.8 END + 0.16 * (${unit(3)} + ${unit(4)} + ${unit(5)} - 1.5)))) AS BIGINT)`;
const kind = (kinds: readonly string[]) => `CASE WHEN ${unit(6)} < 0.82 THEN 'text' ELSE ${pick(kinds, `pow(${unit(7)}, 2)`)} END`;

const telegramRow = {
  message_id: 'i',
  user_id: `CASE WHEN ${unit(8)} < 0.06 THEN 999 ELSE 1000 + CAST(floor(20000 * pow(${unit(9)}, 3)) AS BIGINT) END`,
  user_is_bot: `${unit(8)} < 0.06`,
  user_first_name: `CASE WHEN ${unit(8)} < 0.06 THEN 'Bot' ELSE 'Pessoa ' || CAST(floor(20000 * pow(${unit(9)}, 3)) AS BIGINT) END`,
  user_language_code: `CASE WHEN ${unit(15)} < 0.8 THEN 'pt-br' WHEN ${unit(15)} < 0.9 THEN 'en' END`,
  chat_id: `-1000000000000 - CAST(floor(60 * pow(${unit(10)}, 3)) AS BIGINT)`,
  chat_type: `'supergroup'`,
  chat_title: `'Grupo ' || CAST(floor(60 * pow(${unit(10)}, 3)) AS BIGINT)`,
  data_type: 'kind',
  text: `CASE WHEN kind = 'text' THEN said END`,
  hashtags: `CASE WHEN ${unit(16)} < 0.01 THEN ['#' || ${pick(WORDS, `pow(${unit(17)}, 2)`)}] END`,
  commands: `CASE WHEN ${unit(18)} < 0.01 THEN ['/' || ${pick(['start', 'help', 'stats'], unit(19))}] END`,
  message_thread_id: `CASE WHEN ${unit(20)} < 0.05 THEN 1 + CAST(floor(20 * ${unit(21)}) AS BIGINT) END`,
  reply_to_message_id: `CASE WHEN ${unit(22)} < 0.2 THEN i - 1 - CAST(floor(30 * ${unit(23)}) AS BIGINT) END`,
} as const;

const contact = `CAST(floor(30000 * pow(${unit(9)}, 2)) AS BIGINT)`;
const whatsappRow = {
  name: `'Contato ' || ${contact}`,
  number: `5511900000000 + ${contact}`,
  user_id: `'BR.' || ${contact}`,
  message: `CASE WHEN kind = 'text' THEN said END`,
  type: 'kind',
  message_id: `'wamid.' || i`,
  phone_number_id: `'777'`,
  display_phone_number: `'551140000000'`,
} as const;

const statusRow = {
  message_id: `'wamid.out.' || i`,
  status: `unnest(['sent', 'delivered', 'read'])`,
  recipient_id: `CAST(5511900000000 + ${contact} AS VARCHAR)`,
  phone_number_id: `'777'`,
} as const;

const eventRow = {
  event_id: `'message_reaction:' || i`,
  update_kind: `'message_reaction'`,
  chat_id: telegramRow.chat_id,
  payload: `'{"old_reaction":[],"new_reaction":[{"type":"emoji","emoji":"' || ${pick(['👍', '❤', '😂', '🎉'], unit(24))} || '"}]}'`,
} as const;

/** Writes an enriched lake of messages as the ETL would lay it out, straight from DuckDB. */
export async function writeAnalysisLake(root: string, { messages, days, from }: LakeSize): Promise<void> {
  await mkdir(root, { recursive: true });
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  for (const statement of PREPARE) await connection.run(statement);
  const perDay = messages / days;
  for (let day = 0; day < days; day += MONTH) {
    const end = Math.min(days, day + MONTH);
    const rows = (share: number, row: Readonly<Record<string, string>>, kinds: readonly string[], offset: number) => {
      // A row at the edge belongs to the days its date says.
      const [first, last] = [Math.floor(day * perDay * share) - 1, Math.ceil(end * perDay * share) + 1];
      return `SELECT ${Object.entries(row)
        .map(([name, sql]) => `${sql} AS "${name}"`)
        .join(', ')}, sent AS "date", 'in' AS direction, context_date
        FROM (SELECT *, ${text} AS said, ${kind(kinds)} AS kind, epoch(context_date)::BIGINT + 10800 + ${second} AS sent
          FROM (SELECT i + ${offset} AS i, DATE '${from}' + CAST(day AS INTEGER) AS context_date
            FROM (SELECT i, floor(i / ${perDay * share}) AS day FROM range(${first}, ${last}) t(i)) WHERE day >= ${day} AND day < ${end}) JOIN sentences ON sentences.place = ${place})`;
    };
    await write(
      connection,
      root,
      'telegram',
      rows(TELEGRAM, telegramRow, ['photo', 'voice', 'sticker', 'video', 'document', 'new_chat_members'], 0),
    );
    await write(connection, root, 'telegram_events', rows(TELEGRAM * 0.05, eventRow, ['photo'], 400_000_000));
    await write(connection, root, 'whatsapp', rows(1 - TELEGRAM, whatsappRow, ['image', 'audio', 'document', 'sticker'], 200_000_000));
    await write(connection, root, 'whatsapp_statuses', rows((1 - TELEGRAM) / 3, statusRow, ['image'], 300_000_000));
  }
  connection.closeSync();
  instance.closeSync();
}

async function write(connection: DuckDBConnection, root: string, name: string, rows: string): Promise<void> {
  const table = SOURCE_TABLES.find((one) => one.name === name);
  if (!table) throw new Error(`no table ${name}`);
  const columns = fileColumns(table);
  const none = `SELECT ${columns.map((column) => `CAST(NULL AS ${column.type}) AS "${column.name}"`).join(', ')}, CAST(NULL AS DATE) AS context_date WHERE false`;
  const folder = join(root, name);
  await mkdir(folder, { recursive: true });
  await connection.run(
    `COPY (SELECT * FROM (${none} UNION ALL BY NAME (${rows})) ORDER BY context_date, "date") TO ${literal(folder)}
     (FORMAT parquet, COMPRESSION zstd, PARTITION_BY (context_date), FILENAME_PATTERN 'data', OVERWRITE_OR_IGNORE)`,
  );
  for (const partition of await readdir(folder)) {
    const files = await readdir(join(folder, partition));
    for (const file of files)
      if (file !== 'data.parquet') await rename(join(folder, partition, file), join(folder, partition, 'data.parquet'));
  }
}
