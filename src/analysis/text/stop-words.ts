/** Words that say little by themselves, folded: Portuguese, English, Spanish. */
const STOP_WORDS = `
  que nao uma com para por mais mas como dos das foi ele ela tem seu sua isso esse essa este esta esta sao nos num numa pelo pela
  ate voce voces vcs eles elas meu minha tambem quando muito muita ser ter vai vou ja sem aqui ali ai ainda so tudo todos toda todo
  estou estao era eram fazer faz pra pro pros pras porque pois entao sim bem boa bom dia qual quem onde algum alguma alguem quanto depois agora
  hoje aos nas nem teu tua lhe fui ir estar deu sobre entre mesmo outra outro cada tao seus suas meus minhas
  the and for are but not you your with this that from have has had was were will would can could should what when where which who how why
  there their they them then than its his her she our out about into just like some any all get got one two been being did does don
  los las una del por con para pero mas como esta esto este eso esa ese son sus les muy sin sobre tambien fue era hay todo todos cuando donde
  quien porque desde hasta entre ser tiene tengo estoy estan nos algo nada otro otra cual bien ahora aqui asi the
  kkk http https www com
`;

const SET: ReadonlySet<string> = new Set(STOP_WORDS.split(/\s+/).filter((word) => word !== ''));

/** In alphabetical order, each once. */
export const STOP_WORD_LIST: readonly string[] = [...SET].sort();

export const SHORTEST_WORD = 3;
export const LONGEST_WORD = 30;

const BEYOND_BMP = /[\ud800-\udbff]/g;

/** Whether a word of a normal form counts as one: long enough, and not among those that say little. */
export function isWord(word: string): boolean {
  const units = word.length;
  if (units < SHORTEST_WORD) return false;
  const length = units <= LONGEST_WORD && units > 2 * SHORTEST_WORD ? units : units - (word.match(BEYOND_BMP)?.length ?? 0);
  return length >= SHORTEST_WORD && length <= LONGEST_WORD && !SET.has(word);
}
