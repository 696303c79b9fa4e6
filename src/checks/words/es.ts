/** What the checks and the first steps say, by its English. */
export const ES: Readonly<Record<string, string>> = {
  'raw lake': 'lago en bruto',
  'enriched lake': 'lago enriquecido',
  disk: 'disco',
  'time zone': 'zona horaria',
  settings: 'configuración',
  channels: 'canales',
  clock: 'reloj',
  token: 'token',
  telegram: 'telegram',
  whatsapp: 'whatsapp',
  'whatsapp numbers': 'números de whatsapp',
  'privacy mode': 'modo de privacidad',
  groups: 'grupos',
  'chat {0}': 'chat {0}',
  webhook: 'webhook',
  delivery: 'entrega',
  allowed_updates: 'allowed_updates',
  valid: 'válida',
  'Mend it in .env or the environment.': 'Corríjalo en .env o en el entorno.',
  'not set: webhooks are received, but nothing can be asked of Telegram':
    'no definido: se reciben webhooks, pero no se puede preguntar nada a Telegram',
  'Set TELEGRAM_BOT_TOKEN for polling, "webhook set" and these checks.':
    'Defina TELEGRAM_BOT_TOKEN para el polling, "webhook set" y estas comprobaciones.',
  'none is on: neither Telegram nor WhatsApp has its secret set': 'ninguno está activo: ni Telegram ni WhatsApp tiene su secreto definido',
  'Run chatlake init.': 'Ejecute chatlake init.',
  'off: neither TELEGRAM_BOT_TOKEN nor TELEGRAM_WEBHOOK_SECRET is set':
    'apagado: ni TELEGRAM_BOT_TOKEN ni TELEGRAM_WEBHOOK_SECRET está definido',
  '{0} can be written': 'se puede escribir en {0}',
  '{0} cannot be written: {1}': 'no se puede escribir en {0}: {1}',
  'Make it writable for the user that runs chatlake, or set {0} to another place.':
    'Dé permiso de escritura al usuario que ejecuta chatlake, o apunte {0} a otro lugar.',
  '{0} of {1} GiB free at {2}': '{0} de {1} GiB libres en {2}',
  'Free some space: when the disk is full nothing more is received, and Telegram keeps updates for 24 hours only.':
    'Libere espacio: con el disco lleno no se recibe nada más, y Telegram guarda los updates solo 24 horas.',
  'days begin at midnight in {0}, where it is {1} on {2}': 'los días empiezan a medianoche en {0}, donde son las {1} del {2}',
  '{0} (the default; CHATLAKE_TIMEZONE sets another, before the first day is built)':
    '{0} (la predeterminada; CHATLAKE_TIMEZONE define otra, antes de construir el primer día)',
  'not compared: Telegram could not be reached': 'no comparado: no se pudo llegar a Telegram',
  'Check the network and TELEGRAM_API_URL.': 'Revise la red y TELEGRAM_API_URL.',
  'not compared: the server tells no time': 'no comparado: el servidor no dice la hora',
  'agrees with Telegram': 'coincide con el de Telegram',
  "{0} away from Telegram's": 'a {0} del reloj de Telegram',
  "Set this machine's clock (for example by NTP): arrival dates the raw files.":
    'Ajuste el reloj de esta máquina (por ejemplo, por NTP): la llegada fecha los archivos en bruto.',
  'belongs to @{0}': 'pertenece a @{0}',
  'Telegram does not know it': 'Telegram no lo conoce',
  'Set TELEGRAM_BOT_TOKEN to the one @BotFather shows under /mybots, API Token.':
    'Ponga en TELEGRAM_BOT_TOKEN el que @BotFather muestra en /mybots, API Token.',
  'not checked: {0}': 'no comprobado: {0}',
  'See whether {0} can be reached from here, then run the check again.': 'Vea si se puede llegar a {0} desde aquí, y compruebe de nuevo.',
  'Run the check again.': 'Compruebe de nuevo.',
  'the bot is an administrator': 'el bot es administrador',
  'the bot is not in it ({0})': 'el bot no está en él ({0})',
  'Add the bot to the group.': 'Agregue el bot al grupo.',
  'the bot is a {0}, not an administrator': 'el bot es {0}, no administrador',
  'Make the bot an administrator of the group (no single right is needed): only then reactions, joins and leaves are sent.':
    'Haga al bot administrador del grupo (no hace falta ningún permiso): solo así se envían reacciones, entradas y salidas.',
  'became the supergroup {0}': 'pasó a ser el supergrupo {0}',
  'Put {0} in TELEGRAM_CHAT_ID too; leave the old id for its history.':
    'Ponga {0} también en TELEGRAM_CHAT_ID; deje el id anterior por su historial.',
  'the bot cannot see it: {0}': 'el bot no lo ve: {0}',
  'Check the id in TELEGRAM_CHAT_ID (groups are negative), and add the bot to the group.':
    'Revise el id en TELEGRAM_CHAT_ID (los de grupos son negativos), y agregue el bot al grupo.',
  'off: the bot sees every message of its groups': 'apagado: el bot ve todos los mensajes de sus grupos',
  'on, and without effect where the bot is an administrator': 'activo, y sin efecto donde el bot es administrador',
  'on: in groups the bot receives only commands and replies to it': 'activo: en grupos el bot solo recibe comandos y respuestas a él',
  'Tell @BotFather /setprivacy, choose the bot, Disable; then remove the bot from the group and add it again. Or make it an administrator.':
    'Escriba /setprivacy a @BotFather, elija el bot, Disable; luego quite el bot del grupo y agréguelo de nuevo. O hágalo administrador.',
  'Tell @BotFather /setjoingroups, choose the bot, Disable.': 'Escriba /setjoingroups a @BotFather, elija el bot, Disable.',
  'anyone can still add the bot to other groups; TELEGRAM_CHAT_ID leaves those out of the lake':
    'cualquiera puede aún agregar el bot a otros grupos; TELEGRAM_CHAT_ID los deja fuera del lago',
  'TELEGRAM_CHAT_ID is empty and anyone can add the bot to a group: every chat goes into the lake':
    'TELEGRAM_CHAT_ID está vacío y cualquiera puede agregar el bot a un grupo: todo chat entra en el lago',
  'Set TELEGRAM_CHAT_ID to the chats you mean. {0}': 'Ponga en TELEGRAM_CHAT_ID los chats que quiere. {0}',
  '{0} updates wait': '{0} updates esperan',
  'none: "chatlake up" and "chatlake poll" receive by polling; {0}': 'ninguno: "chatlake up" y "chatlake poll" reciben por polling; {0}',
  'set to {0}, but TELEGRAM_WEBHOOK_SECRET is not set here: neither webhook nor polling can receive':
    'apunta a {0}, pero TELEGRAM_WEBHOOK_SECRET no está definido aquí: ni webhook ni polling pueden recibir',
  'To poll: chatlake webhook delete. To receive by webhook: set the secret, then chatlake webhook set.':
    'Para polling: chatlake webhook delete. Para recibir por webhook: defina el secreto, luego chatlake webhook set.',
  'set to {0}; {1}': 'apunta a {0}; {1}',
  'every kind of update is sent': 'se envía todo tipo de update',
  'not sent: {0}': 'no enviados: {0}',
  'Run chatlake webhook set with the same address again: it asks for every kind.':
    'Ejecute chatlake webhook set de nuevo con la misma dirección: pide todos los tipos.',
  'no error': 'sin error',
  'last error {0} ago: {1}; {2}': 'último error hace {0}: {1}; {2}',
  'See that the server runs, is reachable from outside under a valid certificate and has the same TELEGRAM_WEBHOOK_SECRET; updates are kept for 24 hours.':
    'Vea que el servidor funcione, que sea accesible desde fuera con un certificado válido y que tenga el mismo TELEGRAM_WEBHOOK_SECRET; los updates se guardan 24 horas.',
  'off: no WHATSAPP_APP_SECRET': 'apagado: sin WHATSAPP_APP_SECRET',
  "the app's page at developers.facebook.com": 'página de la app en developers.facebook.com',
  'WHATSAPP_APP_SECRET is not set, so no delivery can be verified and none is taken':
    'WHATSAPP_APP_SECRET no está definido: ninguna entrega se puede verificar y ninguna se acepta',
  'Copy the App Secret from {0}, Settings, Basic.': 'Copie el App Secret de la {0}, Settings, Basic.',
  'WHATSAPP_VERIFY_TOKEN is not set, so Meta cannot verify the address':
    'WHATSAPP_VERIFY_TOKEN no está definido: Meta no puede verificar la dirección',
  'Choose any text, set it here, and enter the same on {0}, WhatsApp, Configuration.':
    'Elija un texto cualquiera, defínalo aquí, y ponga el mismo en la {0}, WhatsApp, Configuration.',
  'app secret and verify token are set': 'el app secret y el verify token están definidos',
  '{0} in WHATSAPP_PHONE_NUMBER_ID': '{0} en WHATSAPP_PHONE_NUMBER_ID',
  'every number of the app goes into the lake': 'todo número de la app entra en el lago',
  'Set WHATSAPP_PHONE_NUMBER_ID to keep only some.': 'Defina WHATSAPP_PHONE_NUMBER_ID para guardar solo algunos.',
  'Add the bot to the group, and write something there.': 'Agregue el bot al grupo, y escriba algo allí.',
  '{0} arrived.': '{0} llegaron.',
  'Write something in the group: it shows here within seconds.': 'Escriba algo en el grupo: aparece aquí en segundos.',
  'Talk to @BotFather: /newbot. Then stop this, run "chatlake init" and give it the token.':
    'Hable con @BotFather: /newbot. Luego detenga esto, ejecute "chatlake init" y déle el token.',
  'Updates come by webhook; no token is set.': 'Los updates llegan por webhook; no hay token definido.',
  'Tell @BotFather /setprivacy, choose the bot, Disable; then remove the bot from the group and add it again.':
    'Escriba /setprivacy a @BotFather, elija el bot, Disable; luego quite el bot del grupo y agréguelo de nuevo.',
  'The bot is an administrator of the group: it sees every message there.':
    'El bot es administrador del grupo: ve todos los mensajes de allí.',
  'The bot sees every message of its groups.': 'El bot ve todos los mensajes de sus grupos.',
  'Deliveries arrive.': 'Las entregas llegan.',
  'Write to the number. Nothing has arrived yet: check the callback address and the field "messages".':
    'Escriba al número. Aún no llegó nada: revise la dirección de callback y el campo "messages".',
};
