import type { Language } from '../../analysis/types.js';
import type { Fault } from '../../import/notes.js';

/** What the server refuses, by the detail of its answer, or else by its code. */
type RefusalWords = Readonly<Record<Fault, string>> & {
  readonly UNREACHED: string;
  readonly LAKE_UNAVAILABLE: string;
  readonly LAKE_MISMATCH: string;
  readonly NOT_FOUND: string;
  readonly CANCELLED: string;
  readonly LIMIT: string;
  readonly SQL: string;
  readonly SQL_REFUSED: string;
  readonly TOO_MANY: string;
  readonly NOT_HERE: string;
  readonly READ_ONLY: string;
  readonly PASSWORD: string;
  readonly USAGE: string;
  readonly IMPORT: string;
  readonly INTERNAL: string;
  readonly 'no-password': string;
};

const en: RefusalWords = {
  UNREACHED: 'The server does not answer. It is tried again by itself.',
  LAKE_UNAVAILABLE: 'The lake cannot be read or written at the moment. Try again in a moment.',
  LAKE_MISMATCH: 'The lake was built under other settings. “chatlake doctor” says which.',
  NOT_FOUND: 'This is not in the lake, or not yet in its tables.',
  CANCELLED: 'Cancelled.',
  LIMIT: 'A limit was reached: of time, memory, rows, or of statements at once. Read fewer days or columns, or group first.',
  SQL: 'The statement is wrong.',
  SQL_REFUSED: 'Refused: statements here only read the lake. Write one SELECT over its tables.',
  TOO_MANY: 'Too many attempts. Wait a minute and try again.',
  NOT_HERE: 'Set CHATLAKE_PASSWORD to see this from another computer or through a tunnel.',
  READ_ONLY: 'This link shows one view and nothing beyond it. Go back to see it.',
  PASSWORD: 'The password is asked for again: reload the page.',
  USAGE: 'The server does not understand this request. Reload the page.',
  IMPORT: 'The file could not be read. The reason is in the log of the server.',
  INTERNAL: 'Something went wrong in the server. The reason is in its log.',
  'no-password': 'Set CHATLAKE_PASSWORD first: without it nobody else can look, with a link or without.',
  empty: 'The file is empty.',
  'no-archive': 'This is no zip archive that can be read.',
  'no-chat': 'There is no chat in this archive: neither a WhatsApp chat (.txt) nor result.json.',
  'too-much-inside': 'The archive would unpack to far too much to be a chat. Unpack it yourself if you trust it.',
  'a-page': 'This is a page: in Telegram Desktop, export the chat as “Machine-readable JSON”.',
  'archive-inside': 'This is an archive inside an archive: unpack it first.',
  'no-messages': 'There are no messages in it: it is no export of Telegram Desktop in JSON.',
  'no-json': 'This is no JSON that can be read.',
  'cut-off': 'The file is cut off: what comes before is taken. Export it again for the rest.',
  'no-dates': 'This is no WhatsApp chat: no line begins with a date and a time. Use “Export chat” in WhatsApp.',
  'utf-16': 'The file is in UTF-16; WhatsApp writes UTF-8. Choose the file as it was exported, or save it as UTF-8.',
  'no-timezone': 'There is no such time zone. Write one such as America/Sao_Paulo, or an offset such as -03:00.',
  'bad-number': 'This is no phone number with its country code, such as +5511999990000.',
  'number-of-many': 'The chat has more than two authors: a number is for a chat of two.',
};

const pt: RefusalWords = {
  UNREACHED: 'O servidor não responde. A página tenta de novo sozinha.',
  LAKE_UNAVAILABLE: 'O lago não pode ser lido ou gravado agora. Tente de novo em instantes.',
  LAKE_MISMATCH: 'O lago foi construído com outras configurações. “chatlake doctor” diz quais.',
  NOT_FOUND: 'Isto não está no lago, ou ainda não nas suas tabelas.',
  CANCELLED: 'Cancelado.',
  LIMIT: 'Um limite foi atingido: de tempo, memória, linhas ou consultas ao mesmo tempo. Leia menos dias ou colunas, ou agrupe antes.',
  SQL: 'A consulta está errada.',
  SQL_REFUSED: 'Recusado: as consultas aqui só leem o lago. Escreva um SELECT sobre as suas tabelas.',
  TOO_MANY: 'Tentativas demais. Espere um minuto e tente de novo.',
  NOT_HERE: 'Defina CHATLAKE_PASSWORD para ver isto de outro computador ou por um túnel.',
  READ_ONLY: 'Este link mostra uma vista e nada além dela. Volte para vê-la.',
  PASSWORD: 'A senha é pedida de novo: recarregue a página.',
  USAGE: 'O servidor não entende este pedido. Recarregue a página.',
  IMPORT: 'O arquivo não pôde ser lido. O motivo está no log do servidor.',
  INTERNAL: 'Algo deu errado no servidor. O motivo está no log.',
  'no-password': 'Defina antes CHATLAKE_PASSWORD: sem ela ninguém mais pode olhar, com link ou sem.',
  empty: 'O arquivo está vazio.',
  'no-archive': 'Isto não é um arquivo zip que se possa ler.',
  'no-chat': 'Não há conversa neste zip: nem uma do WhatsApp (.txt) nem result.json.',
  'too-much-inside': 'O zip se abriria em muito mais do que uma conversa. Descompacte você mesmo, se confia nele.',
  'a-page': 'Isto é uma página: no Telegram Desktop, exporte a conversa como “JSON legível por máquina”.',
  'archive-inside': 'Isto é um zip dentro de um zip: descompacte-o antes.',
  'no-messages': 'Não há mensagens nele: não é uma exportação do Telegram Desktop em JSON.',
  'no-json': 'Isto não é um JSON que se possa ler.',
  'cut-off': 'O arquivo está cortado: o que vem antes é aproveitado. Exporte de novo para o resto.',
  'no-dates': 'Isto não é uma conversa do WhatsApp: nenhuma linha começa com data e hora. Use “Exportar conversa” no WhatsApp.',
  'utf-16': 'O arquivo está em UTF-16; o WhatsApp grava em UTF-8. Escolha o arquivo como foi exportado, ou salve-o em UTF-8.',
  'no-timezone': 'Não existe esse fuso horário. Escreva um como America/Sao_Paulo, ou uma diferença como -03:00.',
  'bad-number': 'Isto não é um telefone com o código do país, como +5511999990000.',
  'number-of-many': 'A conversa tem mais de dois autores: o número é para uma conversa de dois.',
};

const es: RefusalWords = {
  UNREACHED: 'El servidor no responde. La página lo intenta de nuevo sola.',
  LAKE_UNAVAILABLE: 'El lago no se puede leer o escribir en este momento. Inténtelo de nuevo en un instante.',
  LAKE_MISMATCH: 'El lago se construyó con otros ajustes. “chatlake doctor” dice cuáles.',
  NOT_FOUND: 'Esto no está en el lago, o todavía no en sus tablas.',
  CANCELLED: 'Cancelado.',
  LIMIT: 'Se alcanzó un límite: de tiempo, memoria, filas o consultas a la vez. Lea menos días o columnas, o agrupe antes.',
  SQL: 'La consulta está mal.',
  SQL_REFUSED: 'Rechazado: las consultas aquí solo leen el lago. Escriba un SELECT sobre sus tablas.',
  TOO_MANY: 'Demasiados intentos. Espere un minuto e inténtelo de nuevo.',
  NOT_HERE: 'Defina CHATLAKE_PASSWORD para ver esto desde otro equipo o por un túnel.',
  READ_ONLY: 'Este enlace muestra una vista y nada más. Vuelve atrás para verla.',
  PASSWORD: 'Se pide de nuevo la contraseña: recargue la página.',
  USAGE: 'El servidor no entiende esta petición. Recargue la página.',
  IMPORT: 'El archivo no se pudo leer. El motivo está en el registro del servidor.',
  INTERNAL: 'Algo falló en el servidor. El motivo está en su registro.',
  'no-password': 'Defina antes CHATLAKE_PASSWORD: sin ella nadie más puede mirar, con enlace o sin él.',
  empty: 'El archivo está vacío.',
  'no-archive': 'Esto no es un archivo zip que se pueda leer.',
  'no-chat': 'No hay ningún chat en este zip: ni uno de WhatsApp (.txt) ni result.json.',
  'too-much-inside': 'El zip se abriría en mucho más que un chat. Descomprímalo usted, si confía en él.',
  'a-page': 'Esto es una página: en Telegram Desktop, exporte el chat como “JSON legible por máquina”.',
  'archive-inside': 'Esto es un zip dentro de un zip: descomprímalo antes.',
  'no-messages': 'No hay mensajes en él: no es una exportación de Telegram Desktop en JSON.',
  'no-json': 'Esto no es un JSON que se pueda leer.',
  'cut-off': 'El archivo está cortado: se aprovecha lo que viene antes. Expórtelo de nuevo para el resto.',
  'no-dates': 'Esto no es un chat de WhatsApp: ninguna línea empieza con fecha y hora. Use “Exportar chat” en WhatsApp.',
  'utf-16': 'El archivo está en UTF-16; WhatsApp escribe UTF-8. Elija el archivo como se exportó, o guárdelo en UTF-8.',
  'no-timezone': 'No existe esa zona horaria. Escriba una como America/Sao_Paulo, o una diferencia como -03:00.',
  'bad-number': 'Esto no es un teléfono con el código del país, como +5511999990000.',
  'number-of-many': 'El chat tiene más de dos autores: el número es para un chat de dos.',
};

export const REFUSALS: Readonly<Record<Language, Readonly<Record<string, string>>>> = { en, 'pt-BR': pt, es };
