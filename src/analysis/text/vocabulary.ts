import { stem } from './stem.js';

/** Words that say nothing about what is asked, folded. */
export const STOP_WORDS: ReadonlySet<string> = new Set(
  `a o as os um uma uns umas de do da dos das em no na nos nas num numa por pelo pela pelos pelas para pra pro pras pros com sem sob sobre entre ate e ou mas
  se que q qual quais como eu me mim meu minha meus minhas tu te ti teu tua voce voces vc vcs ce ele ela eles elas nos nosso nossa seu sua seus suas lhe isso isto
  esse essa esses essas este esta estes estas aquele aquela aquilo aqui ai la ali ja ainda so tambem tb tbm mais muito muita bem assim entao agora hoje ser sou e sao
  era foi seria sera estar estou ta to tao esta estao estava estive ter tem tenho temos tinha teria haver ha houve ir vou vai vao fazer faz faco fazem fazendo feito fiz poder posso
  pode podem podemos poderia poderiam consegue consigo conseguem conseguir querer quero queria quer gostaria preciso precisa dar da daria deu dava saber sabe sabem sei alguem
  algum alguma alguns ninguem jeito forma maneira modo favor pfv pf obrigado obrigada oi ola opa bom boa dia tarde noite pessoal gente galera tudo td ne oq oque duvida
  pergunta existe possivel melhor dizer diz fala explica explicar informar informa passa passar funciona
  el los las un una unos unas del al en con sin lo le les mi mis su sus nuestro nuestra usted ustedes yo ella ellos este ese eso esto hola buenas buenos dias tardes
  noches cual cuales hacer hago hace hacen puedo puede pueden podria podrian puedes quiero quisiera saber alguien alguno alguna hay tengo tiene tienen tener ser es son soy estoy estan fue
  si y o pero muy mas ya decir decirme gracias seria sabes saben
  i you he she it we they me my your his her its our their the an and or but if of to in on at for from with by about is are am was were be been being do does did doing done
  can could would should will shall may might must have has had having there here this that these those what which how any some someone anyone somebody anybody know knows get got go
  going want need please pls thanks thank hi hello hey all guys everyone way possible so just im ive dont s t m re ve ll d not no yes try trying tried use used`
    .split(/\s+/)
    .filter(Boolean),
);

/** Words of one meaning; the first names it. Whole words and their inflections. */
export const ALIKE: readonly string[] = [
  'prazo demora demorar tarda plazo',
  'preco valor custo custa custam custar precio cuesta cuestan price cost',
  'rastrear rastreio rastreo acompanhar acompanho localizar track tracking',
  'pedido encomenda pedidos',
  'frete envio envios shipping',
  'endereco direccion address localizacao',
  'certificacao certificado certification',
  'celular telefone telefono telephone phone',
  'carro automovel auto coche car',
  'senha contrasena password passwords',
  'emprego vaga trabalho job',
  'reembolso estorno refund',
  'trocar troca troco trocas cambio',
  'cancelar cancelo cancelamento cancel',
  'loja tienda store shop',
  'erro error bug',
  'horario horarios horas hora hour',
];

/** Words that say little: they count where nothing else tells two questions apart. */
export const WEAK_WORDS: ReadonlySet<string> = new Set(
  `produto produtos produtinho tempo vez vezes aceita aceitam aceitar pagar pago pagamento fica ficam ficar sai sair chega chegar leva levar tirar tiro pegar pego
  ver achar acho encontro comeco comecar conta valer vale pena ajuda ajudar usar uso nova novo novos pessoa coisa tipo lugar dia receber recebe
  producto productos pagar medios forma formas
  product products time account received receive work working works best good new thing things yet still find`
    .split(/\s+/)
    .map(stem),
);

/** Phrases of one meaning that share no word, as patterns over folded text, and the word that stands for them. */
export const PHRASES: readonly (readonly [RegExp, string])[] = [
  [/\b(?:quanto|cuanto) (?:custa|custam|fica|sai|sale|e|es|esta|ta|vale|cuesta|cuestan|cobram?)\b/g, ' preco '],
  [/\bhow much (?:is|are|does|do|for)\b/g, ' preco '],
  [/\b(?:quanto tempo|cuanto tiempo|how long|ate quando|hasta cuando|em quantos dias)\b/g, ' prazo '],
  [/\bcade\b|\b(?:onde|donde) (?:esta|ta|anda)\b|\bwhere is my\b/g, ' rastrear '],
  [/\b(?:opening|business) hours\b/g, ' quando open '],
  [/\b(?:que horas?|que hs|what time|(?:qual|cual) (?:e |es )?(?:o |el )?horario)\b/g, ' quando '],
];

/** What kind of thing is asked, by the words that tell: a weak sign beside the things named. */
const ASKED: Readonly<Record<string, string>> = {
  '?when': 'quando cuando when',
  '?where': 'onde aonde donde adonde where cade',
  '?who': 'quem quien quienes who',
  '?why': 'porque why pq',
  '?amount': 'quanto quanta quantos quantas cuanto cuanta cuantos cuantas many much',
};

/** Canonical stem by stem. */
export const CANONICAL: ReadonlyMap<string, string> = new Map(
  ALIKE.flatMap((line) => {
    const [first = '', ...others] = line.split(' ');
    return others.map((word) => [stem(word), stem(first)] as const);
  }),
);

/** Sign by word. */
export const SIGNS: ReadonlyMap<string, string> = new Map(
  Object.entries(ASKED).flatMap(([sign, words]) => words.split(' ').map((word) => [word, sign] as const)),
);
