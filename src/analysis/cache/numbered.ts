import type { DayFacts } from '../facts/day-facts.js';
import type { Numbers } from './names.js';

/** Canonical numbers of people and conversations. */
export interface Canon {
  readonly person: (number: number) => number;
  readonly conversation: (number: number) => number;
}

/** A day with the numbers of what it names. People and conversations are canonical. */
export interface NumberedDay {
  readonly facts: DayFacts;
  readonly numbers: Numbers;
}

export function canonical({ facts, numbers }: NumberedDay, canon: Canon): NumberedDay {
  return {
    facts,
    numbers: { ...numbers, person: numbers.person.map(canon.person), conversation: numbers.conversation.map(canon.conversation) },
  };
}
