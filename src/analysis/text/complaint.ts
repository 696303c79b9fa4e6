import { type Dialect, matches } from './dialect.js';

/**
 * Words by which people say that an answer did not help, in Portuguese, Spanish and English, as patterns over normal form: whole words, anywhere in a
 * message. Words that complain of other things (a late parcel, the weather) are not among them.
 */
const NOT = '(?:nao|num|no|nem)';
const STILL = '(?:ainda|continua|continuo|segue|sigue|sigo|todavia|aun|still)';
const BROKEN = '(?:problema|problemas|erro|erros|error|errores|bug|problem|issue)';

const COMPLAINTS: readonly string[] = [
  // It did not do.
  `${NOT} (?:me |nos |te |isso |esta |ta |estava )?(?:funciona|funcionou|funcionam|funcionando|funciono|funcionaba|resolve|resolveu|resuelve|resolvio|ajuda|ajudou|ayuda|ayudo|adianta|adiantou|serve|serviu|sirve|sirvio)`,
  `${NOT} (?:da|deu|dio) (?:certo|pra|resultado)`,
  `${STILL} (?:${NOT} |sem |sin |com (?:o |os )?|con (?:el |los )?|esta |ta |me |na |o |a |el |la )*(?:mesm[oa]|mism[oa]|igual|dando|da|deu|funciona|funcionar|funcionando|funcionou|consigo|consegui|${BROKEN})`,
  `(?:me )?(?:continua|segue|sigue) (?:dando|sem|sin|igual|com|con) (?:o |el )?(?:mesmo |mismo )?(?:${BROKEN}|funcionar|nada)?`,
  `(?:deu|da|dio|aparece) (?:o |el )?(?:mesmo |mismo )?(?:erro|error) (?:de novo|outra vez|otra vez|novamente)`,
  `(?:mesmo|mismo|same) (?:erro|error|problema|problem|issue|bug)`,
  '(?:fiz|tentei|hice|probe|intente) (?:isso|isto|eso|esto|tudo|todo)(?: tudo)? (?:e|y|mas|pero) (?:nada|nao|no)',
  // It was something else.
  `${NOT} (?:era|e|es|foi|fue) (?:isso|isto|eso|esto|bem isso|o|a|lo)(?: o| lo)? que (?:eu )?(?:perguntei|pedi|queria|pregunte|quise|quiero|quero)`,
  `${NOT} (?:me )?(?:responde|respondeu|responderam|respondio|respondieron) (?:a |o |la |lo |ao |a la )?(?:minha |mi )?(?:pergunta|que|pregunta|duvida|duda)`,
  `${NOT} (?:entendi|entendo|entiendo) nada`,
  `(?:bot|robo|robot) ${NOT} (?:entende|entendeu|entiende|sabe|responde|ajuda|ayuda|sirve|serve)`,
  // Somebody else, please.
  '(?:falar|fala|conversar|hablar|habla|contato|contacto) (?:com|con) (?:o |a |um |uma |el |la |un |una |algum |alguna |algun )?(?:atendente|humano|humana|pessoa|persona|alguem|alguien|gerente|agente|operador|supervisor|responsavel|responsable)',
  '(?:quero|preciso|quiero|necesito|me passa|me pasa|passa|transfere|transfiere) (?:de |pra |para |a |com |con )?(?:um |uma |o |un |una |el )?(?:atendente|humano|agente|operador|gerente)',
  '(?:talk|speak|chat) (?:to|with) (?:a |an |the |some )?(?:real |actual |live )?(?:human|person|agent|someone|somebody|manager|representative|operator)',
  // How bad.
  '(?:atendimento|atencion|suporte|soporte|servico|servicio) (?:e |es |ta |esta |muito |muy )*(?:pess?im[oa]|horrivel|horrible|ruim|mal[oa]|lixo|fatal)',
  '(?:pess?im[oa]|horrivel|horrible|mal[oa]) (?:atendimento|atencion|suporte|soporte|servico|servicio)',
  '(?:inutil|useless|unhelpful|not helpful)',
  // English.
  '(?:did|does|do|is|are|was|has)(?: not|n t|nt) (?:really |even |actually )?(?:work|working|worked|help|helping|helpful|solve|solved|fix|fixed)',
  '(?:still|not) (?:not |does not |doesn t |doesnt |is |isn t |isnt |getting |have |having |see |seeing )*(?:the )?(?:same |an? )?(?:work|works|working|broken|fail|fails|failing|error|errors|problem|issue|solved|fixed)',
  '(?:not|isn t|isnt|wasn t|wasnt) what i (?:asked|meant|wanted|need|needed)',
  '(?:did not|didn t|didnt|does not|doesn t|doesnt|not) (?:even )?(?:answer|answering|answered|answers) (?:my|the) question',
  '(?:makes|make) no sense',
];

const COMPLAINT = `(?:^| )(?:${COMPLAINTS.join('|')})(?: |$)`;

/** SQL: whether a text, by its normal form, says that an answer did not help. NULL for NULL. docs/metrics.md tells how well it is told. */
export const complains = (normal: string, dialect: Dialect): string => matches(dialect, normal, COMPLAINT);
