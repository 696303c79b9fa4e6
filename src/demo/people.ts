import type { Random } from './random.js';

/** A member of the simulated group, with habits. */
export interface Member {
  readonly id: number;
  readonly firstName: string;
  readonly lastName?: string;
  readonly username?: string;
  readonly language?: string;
  /** How often compared to others. */
  readonly talks: number;
  /** How likely to answer a question rather than to ask one, 0 to 1. */
  readonly helps: number;
  /** How likely to send media where others write. */
  readonly shows: number;
}

/** Somebody who writes to the simulated support number. */
export interface Contact {
  /** Absent for people who hide their number from businesses. */
  readonly phone?: string;
  readonly userId: string;
  readonly name?: string;
}

const FIRST = [
  'Aline',
  'Bento',
  'Caio',
  'Dandara',
  'Elisa',
  'Fábio',
  'Gabi',
  'Heitor',
  'Iara',
  'Jonas',
  'Kátia',
  'Lucas',
  'Marina',
  'Nuno',
  'Olívia',
  'Paulo',
  'Quitéria',
  'Rafa',
  'Sofia',
  'Téo',
  'Ursula',
  'Vitor',
  'Wanda',
  'Yuri',
  'Zélia',
  'Bia',
  'Davi',
  'Érica',
  'Flora',
  'Guto',
  'Igor',
  'Jana',
  'Léo',
  'Mel',
  'Nina',
  'Otto',
  'Priscila',
  'Ravi',
  'Sara',
  'Tom',
];
const LAST = [
  'Exemplar',
  'Fictício',
  'Imaginária',
  'Demonstra',
  'da Amostra',
  'Simulado',
  'do Modelo',
  'Hipotética',
  'de Teste',
  'Inventado',
];
const NICE = ['✨', '🌻', '🚀', '☕'];

/** Ids above any that were seen in the wild when this was written, so that no person is meant. */
const FIRST_USER_ID = 9_000_000_001;

/** The forty who are always there: a few write most, most write little. The first ones help, the later ones ask. */
export function members(random: Random): Member[] {
  return FIRST.map((firstName, index) => ({
    ...person(random, FIRST_USER_ID + index, firstName),
    talks: 12 / (index + 2) + random.next() * 0.6,
    helps: index < 12 ? 0.8 : 0.25,
  }));
}

/** Somebody who joins later; `number` counts those who did. */
export function newcomer(random: Random, number: number): Member {
  return person(random, FIRST_USER_ID + FIRST.length + number, random.pick(FIRST));
}

function person(random: Random, id: number, firstName: string): Member {
  const decorated = random.chance(0.12) ? `${firstName} ${random.pick(NICE)}` : firstName;
  return {
    id,
    firstName: decorated,
    ...(random.chance(0.6) && { lastName: random.pick(LAST) }),
    ...(random.chance(0.7) && {
      username: `${firstName
        .normalize('NFD')
        .replace(/[^A-Za-z]/g, '')
        .toLowerCase()}_exemplo${id % 1000}`,
    }),
    ...(random.chance(0.9) && { language: random.chance(0.9) ? 'pt-br' : 'en' }),
    talks: 0.3 + random.next(),
    helps: 0.3,
    shows: random.next() * 0.25,
  };
}

/** People who may write to support. Numbers: +55 11 90000-xxxx, none of them assigned to anybody here. */
export function contacts(random: Random, count: number): Contact[] {
  return Array.from({ length: count }, (_, index) => ({
    ...(random.chance(0.96) && { phone: `55119${String(index + 1).padStart(8, '0')}` }),
    userId: `BR.${String(1_000_000_000_000_000 + index * 7919)}`,
    ...(random.chance(0.97) && { name: `${random.pick(FIRST)} ${random.pick(LAST)}` }),
  }));
}
