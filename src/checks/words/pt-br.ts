/** What the checks and the first steps say, by its English. */
export const PT_BR: Readonly<Record<string, string>> = {
  'raw lake': 'lago bruto',
  'enriched lake': 'lago enriquecido',
  disk: 'disco',
  'time zone': 'fuso horário',
  settings: 'configuração',
  channels: 'canais',
  clock: 'relógio',
  token: 'token',
  telegram: 'telegram',
  whatsapp: 'whatsapp',
  'whatsapp numbers': 'números do whatsapp',
  'privacy mode': 'modo de privacidade',
  groups: 'grupos',
  'chat {0}': 'chat {0}',
  webhook: 'webhook',
  delivery: 'entrega',
  allowed_updates: 'allowed_updates',
  valid: 'válida',
  'Mend it in .env or the environment.': 'Conserte no .env ou no ambiente.',
  'not set: webhooks are received, but nothing can be asked of Telegram':
    'não definido: webhooks são recebidos, mas nada pode ser perguntado ao Telegram',
  'Set TELEGRAM_BOT_TOKEN for polling, "webhook set" and these checks.':
    'Defina TELEGRAM_BOT_TOKEN para o polling, o "webhook set" e estas verificações.',
  'none is on: neither Telegram nor WhatsApp has its secret set': 'nenhum está ligado: nem Telegram nem WhatsApp tem seu segredo definido',
  'Run chatlake init.': 'Rode chatlake init.',
  'off: neither TELEGRAM_BOT_TOKEN nor TELEGRAM_WEBHOOK_SECRET is set':
    'desligado: nem TELEGRAM_BOT_TOKEN nem TELEGRAM_WEBHOOK_SECRET está definido',
  '{0} can be written': '{0} aceita escrita',
  '{0} cannot be written: {1}': '{0} não aceita escrita: {1}',
  'Make it writable for the user that runs chatlake, or set {0} to another place.':
    'Dê ao usuário que roda o chatlake permissão de escrita, ou aponte {0} para outro lugar.',
  '{0} of {1} GiB free at {2}': '{0} de {1} GiB livres em {2}',
  'Free some space: when the disk is full nothing more is received, and Telegram keeps updates for 24 hours only.':
    'Libere espaço: com o disco cheio nada mais é recebido, e o Telegram guarda os updates por só 24 horas.',
  'days begin at midnight in {0}, where it is {1} on {2}': 'os dias começam à meia-noite em {0}, onde são {1} de {2}',
  '{0} (the default; CHATLAKE_TIMEZONE sets another, before the first day is built)':
    '{0} (o padrão; CHATLAKE_TIMEZONE define outro, antes de o primeiro dia ser construído)',
  'not compared: Telegram could not be reached': 'não comparado: o Telegram não pôde ser alcançado',
  'Check the network and TELEGRAM_API_URL.': 'Verifique a rede e TELEGRAM_API_URL.',
  'not compared: the server tells no time': 'não comparado: o servidor não diz a hora',
  'agrees with Telegram': 'concorda com o do Telegram',
  "{0} away from Telegram's": 'a {0} do relógio do Telegram',
  "Set this machine's clock (for example by NTP): arrival dates the raw files.":
    'Acerte o relógio desta máquina (por exemplo, por NTP): a chegada data os arquivos brutos.',
  'belongs to @{0}': 'pertence a @{0}',
  'Telegram does not know it': 'o Telegram não o conhece',
  'Set TELEGRAM_BOT_TOKEN to the one @BotFather shows under /mybots, API Token.':
    'Ponha em TELEGRAM_BOT_TOKEN o que o @BotFather mostra em /mybots, API Token.',
  'not checked: {0}': 'não verificado: {0}',
  'See whether {0} can be reached from here, then run the check again.': 'Veja se {0} pode ser alcançado daqui, e verifique de novo.',
  'Run the check again.': 'Verifique de novo.',
  'the bot is an administrator': 'o bot é administrador',
  'the bot is not in it ({0})': 'o bot não está nele ({0})',
  'Add the bot to the group.': 'Adicione o bot ao grupo.',
  'the bot is a {0}, not an administrator': 'o bot é {0}, não administrador',
  'Make the bot an administrator of the group (no single right is needed): only then reactions, joins and leaves are sent.':
    'Faça do bot administrador do grupo (nenhum direito é necessário): só assim reações, entradas e saídas são enviadas.',
  'became the supergroup {0}': 'virou o supergrupo {0}',
  'Put {0} in TELEGRAM_CHAT_ID too; leave the old id for its history.':
    'Ponha {0} também em TELEGRAM_CHAT_ID; deixe o id antigo pela história dele.',
  'the bot cannot see it: {0}': 'o bot não o vê: {0}',
  'Check the id in TELEGRAM_CHAT_ID (groups are negative), and add the bot to the group.':
    'Confira o id em TELEGRAM_CHAT_ID (os de grupos são negativos), e adicione o bot ao grupo.',
  'off: the bot sees every message of its groups': 'desligado: o bot vê todas as mensagens dos seus grupos',
  'on, and without effect where the bot is an administrator': 'ligado, e sem efeito onde o bot é administrador',
  'on: in groups the bot receives only commands and replies to it': 'ligado: em grupos o bot só recebe comandos e respostas a ele',
  'Tell @BotFather /setprivacy, choose the bot, Disable; then remove the bot from the group and add it again. Or make it an administrator.':
    'Escreva /setprivacy ao @BotFather, escolha o bot, Disable; depois remova o bot do grupo e adicione de novo. Ou faça dele administrador.',
  'Tell @BotFather /setjoingroups, choose the bot, Disable.': 'Escreva /setjoingroups ao @BotFather, escolha o bot, Disable.',
  'anyone can still add the bot to other groups; TELEGRAM_CHAT_ID leaves those out of the lake':
    'qualquer um ainda pode pôr o bot em outros grupos; TELEGRAM_CHAT_ID os deixa fora do lago',
  'TELEGRAM_CHAT_ID is empty and anyone can add the bot to a group: every chat goes into the lake':
    'TELEGRAM_CHAT_ID está vazio e qualquer um pode pôr o bot em um grupo: todo chat entra no lago',
  'Set TELEGRAM_CHAT_ID to the chats you mean. {0}': 'Ponha em TELEGRAM_CHAT_ID os chats que quer. {0}',
  '{0} updates wait': '{0} updates esperam',
  'none: "chatlake up" and "chatlake poll" receive by polling; {0}': 'nenhum: "chatlake up" e "chatlake poll" recebem por polling; {0}',
  'set to {0}, but TELEGRAM_WEBHOOK_SECRET is not set here: neither webhook nor polling can receive':
    'aponta para {0}, mas TELEGRAM_WEBHOOK_SECRET não está definido aqui: nem webhook nem polling podem receber',
  'To poll: chatlake webhook delete. To receive by webhook: set the secret, then chatlake webhook set.':
    'Para polling: chatlake webhook delete. Para receber por webhook: defina o segredo, depois chatlake webhook set.',
  'set to {0}; {1}': 'aponta para {0}; {1}',
  'every kind of update is sent': 'todo tipo de update é enviado',
  'not sent: {0}': 'não enviados: {0}',
  'Run chatlake webhook set with the same address again: it asks for every kind.':
    'Rode chatlake webhook set de novo com o mesmo endereço: ele pede todos os tipos.',
  'no error': 'sem erro',
  'last error {0} ago: {1}; {2}': 'último erro há {0}: {1}; {2}',
  'See that the server runs, is reachable from outside under a valid certificate and has the same TELEGRAM_WEBHOOK_SECRET; updates are kept for 24 hours.':
    'Veja se o servidor está no ar, se é alcançável de fora com um certificado válido e se tem o mesmo TELEGRAM_WEBHOOK_SECRET; os updates são guardados por 24 horas.',
  'off: no WHATSAPP_APP_SECRET': 'desligado: sem WHATSAPP_APP_SECRET',
  "the app's page at developers.facebook.com": 'página do app em developers.facebook.com',
  'WHATSAPP_APP_SECRET is not set, so no delivery can be verified and none is taken':
    'WHATSAPP_APP_SECRET não está definido: nenhuma entrega pode ser verificada e nenhuma é aceita',
  'Copy the App Secret from {0}, Settings, Basic.': 'Copie o App Secret da {0}, Settings, Basic.',
  'WHATSAPP_VERIFY_TOKEN is not set, so Meta cannot verify the address':
    'WHATSAPP_VERIFY_TOKEN não está definido: a Meta não consegue verificar o endereço',
  'Choose any text, set it here, and enter the same on {0}, WhatsApp, Configuration.':
    'Escolha um texto qualquer, defina-o aqui, e ponha o mesmo na {0}, WhatsApp, Configuration.',
  'app secret and verify token are set': 'o app secret e o verify token estão definidos',
  '{0} in WHATSAPP_PHONE_NUMBER_ID': '{0} em WHATSAPP_PHONE_NUMBER_ID',
  'every number of the app goes into the lake': 'todo número do app entra no lago',
  'Set WHATSAPP_PHONE_NUMBER_ID to keep only some.': 'Defina WHATSAPP_PHONE_NUMBER_ID para guardar só alguns.',
  'Add the bot to the group, and write something there.': 'Adicione o bot ao grupo, e escreva algo lá.',
  '{0} arrived.': '{0} chegaram.',
  'Write something in the group: it shows here within seconds.': 'Escreva algo no grupo: aparece aqui em segundos.',
  'Talk to @BotFather: /newbot. Then stop this, run "chatlake init" and give it the token.':
    'Fale com o @BotFather: /newbot. Depois pare isto, rode "chatlake init" e dê o token.',
  'Updates come by webhook; no token is set.': 'Os updates vêm por webhook; não há token definido.',
  'Tell @BotFather /setprivacy, choose the bot, Disable; then remove the bot from the group and add it again.':
    'Escreva /setprivacy ao @BotFather, escolha o bot, Disable; depois remova o bot do grupo e adicione de novo.',
  'The bot is an administrator of the group: it sees every message there.': 'O bot é administrador do grupo: vê todas as mensagens de lá.',
  'The bot sees every message of its groups.': 'O bot vê todas as mensagens dos seus grupos.',
  'Deliveries arrive.': 'As entregas chegam.',
  'Write to the number. Nothing has arrived yet: check the callback address and the field "messages".':
    'Escreva para o número. Nada chegou ainda: confira o endereço de callback e o campo "messages".',
};
