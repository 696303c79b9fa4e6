/**
 * The words that tell a question in Portuguese, Spanish and English, as patterns over folded text (lower case, without
 * accents). Lists of openings are read against whole words from the start of a message, after asides.
 */

const YOU = '(?:voces?|vcs?|ce|tu|ustedes|usted)';
const DO_THEY =
  'tem|sabem?|conhecem?|aceitam?|fazem?|faz|abrem?|entregam?|vendem?|trabalham?|enviam?|conseguem?|podem?|poderiam?|tienen|aceptan|hacen|abren|venden|pueden|saben|acham?|recomendam?|indicam?|usam?|parcelam?';

/** What comes before the question itself: greetings, calls, hesitations. */
export const ASIDES: readonly string[] = [
  'oi+e?',
  'ola+',
  'opa',
  'bom dia',
  'boa (?:tarde|noite)',
  '(?:buenos dias|buenas(?: tardes| noches)?|buen dia|hola)',
  '(?:hi|hello|hey)(?: (?:all|there|everyone|guys|folks|team))?',
  'good (?:morning|afternoon|evening)',
  'td bem|tudo (?:bem|bom)|todo bien',
  'pessoal|gente|galera|turma|amigos|chicos|gracias|guys|folks|please|pls',
  'por favor|pfv|pf|porfa',
  'desculpa|desculpe|licenca|com licenca|disculpa|disculpe|perdon|perdona|sorry|excuse me',
  '(?:uma|outra) (?:duvida|pergunta)|duvida|pergunta|una (?:duda|pregunta)|quick question|question',
  'e|mas|entao|ai|so|but|and|pero|y|entonces|well|ah|oh|ei|hum|hmm+',
  '(?:me )?(?:diz|fala|digam|dizem) ai',
  'alguem ai',
  'kkk',
];

/** A message that starts so asks, with or without a question mark. */
export const OPENINGS: readonly string[] = [
  // pt and es: ways, things, people, places, times, amounts
  'como [^ ]+ .*',
  'como (?:funciona|fazer|faco|faz|fica|proceder|hago|funciona|instalar|pagar|usar|cancelar|participar)',
  '(?:qual|quais|cual|cuales) .*',
  '(?:quant[oa]s?|cuant[oa]s?) (?:custa|custam|e|ta|esta|fica|tempo|sai|vale|foi|deu|cobra|cobram|que|pag[oa]|cuesta|cuestan|tarda|demora|sale|hay|dinheiro|falta)',
  '(?:quantos|quantas|cuantos|cuantas) .*',
  `quanto (?:${YOU}|o|a) .*`,
  '(?:quando|cuando) (?:e|sera|vai|vao|comeca|comecam|termina|acaba|sai|chega|abre|abrem|fecha|vence|volta|posso|foi|fica|es|sale|llega|abren|cierra|cierran|empieza|puedo|van|va|estara)',
  `quando (?:que|${YOU}) .*`,
  '(?:quem|quien|quienes) (?:e|es|foi|pode|puede|vai|va|sabe|conhece|consegue|usa|mais|ja|tem|tiene|falou|ganhou|faz|fez|entende) .*',
  '(?:a|de|em|com|pra|para|por|en|con) (?:qual|quais|quem|cual|quien|onde) .*',
  '(?:onde|aonde|donde|adonde) (?:fica|ficam|e|esta|estao|ta|tem|posso|consigo|encontro|acho|eu|compro|vejo|baixo|pego|queda|quedan|puedo|estan|encuentro|compro|hay|se|anda)',
  `(?:onde|aonde) ${YOU} .*`,
  'cade',
  'por que .*',
  '(?:pq|porque) sera',
  '(?:o que|oq|que) (?:e|es|sao|significa|acham|acha|houve|acontece|aconteceu|quer dizer|devo|preciso|faco|fazer|pasa|paso|quiere decir|tal|hago|debo|opinan)(?: .*)?',
  `(?:o que|oq) ${YOU} .*`,
  '(?:que|a que) (?:horas?|hs)',
  'que dia (?:e|vai|sera|tem|comeca|abre|es|empieza)',
  // pt and es: is there somebody, something, a way
  '(?:alguem|alguien|ninguem|algum de voces) [^ ]+ .*',
  'alguem (?:ai|sabe)',
  '(?:tem|da|dava|daria|existe|teria|ha|ainda tem|hay|se puede|es posible) (?:como|pra|para|algum|alguma|alguem|jeito|forma|manera|algun|alguna|alguien|estoque)',
  '(?:alguma|algum|alguna|algun|any) (?:dica|novidade|previsao|sugestao|ideia|noticia|recomendacion|novedad|idea|tips|update|updates|news|chance|recommendations|advice)',
  `${YOU} (?:${DO_THEY})(?: .*)?`,
  '(?:aceita|aceitam|aceptan|entregam|tienen|fazem entrega|hacen envios|abrem|abren) .*',
  '(?:posso|podemos|puedo|consigo) [^ ]+ .*',
  '(?:pode|podem|poderia|poderiam|puedes|puede|pueden|podria|podrias|podrian) (?:me|alguem|alguien|nos|explicar|confirmar|passar|decirme|ayudarme|informar) .*',
  'me (?:pueden|puedes|puede|podrian|ajuda a) .*',
  'sera que .*',
  'saben (?:si|como|donde|cuando) .*',
  '(?:queria|gostaria de|quero|preciso|quisiera|quiero|necesito|me gustaria) (?:saber|entender) .*',
  // en
  'how (?:do|does|did|can|could|to|much|many|long|about|would|should|is|are|come|often|far|old|big|late|early|will|was) .*',
  'what (?:is|are|s|re|do|does|did|time|should|would|can|could|happens|happened|about|if|kind|sort|version|was|were|will|have|has|the best) .*',
  'what happened',
  '(?:when|where) (?:is|are|s|do|does|did|can|could|will|should|would|was|were) .*',
  'why (?:is|are|s|do|does|did|can|could|would|should|not|am|isn|aren|doesn|don|didn|was|won|has|have) .*',
  'who (?:is|are|s|can|knows|has|do|does|did|was|will|uses|else|wants) .*',
  'which .*',
  '(?:can|could|would|will|may|should|shall) (?:i|you|we|someone|anyone|somebody|anybody|it|they|this|that) .*',
  '(?:do|does|did|don|doesn|didn) (?:you|i|we|they|it|anyone|someone|anybody|somebody|the|this|that) .*',
  '(?:is|are) (?:there|it|this|that|anyone|anybody|someone|you|they|the|my) .*',
  '(?:has|have|had) (?:anyone|anybody|someone|somebody|you) .*',
  '(?:anyone|anybody|someone|somebody) (?:know|knows|here|else|have|has|got|tried|using|use|uses|able|can|could|want|wants|who) .*',
  'i (?:was wondering|wonder|would like to know) .*',
];

/** Starts that only look like those above. */
export const NOT_OPENINGS: readonly string[] = [
  'como (?:sempre|assim|prometido|combinado|dizem|diria|diz|um|uma|o|a|os|as|ja|falei|disse|esperado|isso|tal|dije|siempre|un|una|el|la|los|las|si|dicen|acordado|quedamos|eu (?:disse|falei|gosto|queria|ja|te)|vc (?:disse|falou|sabe|pediu)|voce (?:disse|falou|sabe|pediu)|te (?:dije|falei)|se (?:nao|no|fosse)) .*',
  'como (?:sempre|combinado|prometido|siempre|assim)',
  '(?:qual|cual) (?:nada|o que|seja|quer) .*',
  'qual nada',
  '(?:alguem|alguien) (?:disse|falou|mandou|chegou|entrou|dijo|mando|llego|saiu) .*',
  'que (?:e isso|tal (?:bem|mal)) .*',
  '(?:posso|consigo|puedo) (?:sim|nao|te|ver|ajudar|tentar|si|no|ajudo|mandar pra voce|ayudarte|ayudar) .*',
  '(?:quem|quien) (?:sabe|ja sabe)',
  'quem (?:sabe|tem interesse|vai querer) (?:um dia|eu|a gente|amanha|depois|chama|manda|me) .*',
  '(?:o que|oq) (?:e (?:bom|otimo|pior|melhor|isso ai)) .*',
  'which (?:means|is (?:why|fine|great|good|nice|what)) .*',
  'what (?:a|an) .*',
  'how (?:nice|cool|sweet|lovely|funny) .*',
  'do (?:it|the|this|that) .*',
  'will (?:do|it|this|that) .*',
  '(?:is|are) (?:fine|ok|good|the) .*',
];

/** Courtesies, followed by a question mark. */
export const GREETINGS: readonly string[] = [
  '(?:tudo|td) (?:bem|bom|certo|joia|ok|tranquilo|em ordem|beleza|blz|b|em paz|otimo)(?: (?:com (?:voces?|vcs?|todos)|por ai|ai|contigo|pessoal|gente|galera))?',
  '(?:blz|beleza|suave|tranquilo|joia|firmeza|de boa)(?: (?:galera|pessoal|gente|mano|cara))?',
  'e ai(?: (?:tudo|td) (?:bem|certo|joia)| galera| pessoal| gente| blz| beleza)?',
  'como (?:vai|vao|esta|estao|vc ta|voce esta|vcs estao|voces estao|voce vai|vc vai|tem passado|estas|esta usted|andas|te va|va todo|va|estan)(?: (?:voces?|vcs?|tu|todos|todo|as coisas|pessoal|gente))?',
  '(?:todo|todos) (?:bien|ok)(?: contigo| por ahi)?',
  'que tal(?: (?:todo|todos|estas|estan|va))?',
  'que (?:onda|hay|hubo|mas)',
  'how (?:are|r) (?:you|u|ya|things|you all|you guys|you doing|you doing today|you today|y all)(?: (?:today|doing|all))?',
  "how(?: is|s| s|['’]s) (?:it going|everyone|everything|life|your day)(?: today)?",
  "what(?: is|s| s|['’]s) up(?: (?:guys|all|everyone))?",
  'wass?up|sup',
  'you (?:ok|good|alright)|all good',
];

/** Ends of a statement that ask for a nod, followed by a question mark. */
export const TAGS: readonly string[] = ['ne(?: nao)?', '(?:nao|num) e(?: mesmo)?', "isn['’]?t it", 'innit'];

/** Words that do the same after a comma or a full stop, and alone; elsewhere they may be what is asked. */
export const LOOSE_TAGS: readonly string[] = [
  'hein|hem',
  'viu',
  'sabe',
  'ta(?: bom| certo| ok)?',
  'entende(?:u|ram)?',
  'sacou',
  'certo|correto|cierto|verdad|no es cierto',
  'ok|okay|okey|vale',
  'right|you know|know what i mean|eh|huh',
];
