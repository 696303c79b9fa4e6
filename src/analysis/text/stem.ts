/** Endings of Portuguese, Spanish and English words, without accents, with the letters that must remain before them. */
export const ENDINGS: readonly (readonly [ending: string, remains: number])[] = (
  [
    ['amentos imentos amientos imientos amento imento amiento imiento', 3],
    [
      'acoes icoes ucoes aciones iciones uciones acao icao ucao acion icion ucion ations itions ation ition coes ciones cao cion tion sion sao',
      3,
    ],
    ['ariam eriam iriam assem essem issem aremos eremos iremos aram eram iram avam ando endo indo iendo', 3],
    ['aria eria iria asse esse isse amos emos imos adas idas ados idos ava ada ida ado ido ing ings', 3],
    ['ar er ir am em an en ou ei iu io ia as os es ed ly ao', 3],
    ['a e o s y', 3],
  ] as const
).flatMap(([endings, remains]) => endings.split(' ').map((ending) => [ending, remains] as const));

/**
 * The stem of a folded word of Portuguese, Spanish or English, whichever it is: light, so that inflections of a word meet
 * ("rastreio", "rastrear", "rastreamento") and different words seldom do.
 */
export function stem(word: string): string {
  if (word.length <= 3 || /\d/.test(word)) return word;
  const singular = word.endsWith('ss')
    ? word
    : word
        .replace(/(?:oes|aes)$/, 'ao')
        .replace(/ies$/, 'y')
        .replace(/s$/, '');
  const ending = ENDINGS.find(([text, remains]) => singular.endsWith(text) && singular.length - text.length >= remains);
  const cut = ending ? singular.slice(0, -ending[0].length) : singular;
  return cut.replace(/([bcdfglmnprst])\1$/, '$1');
}
