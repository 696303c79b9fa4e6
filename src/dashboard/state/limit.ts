import { keyText } from '../format/cell.js';
import type { ListName } from './address.js';
import { nameOf } from './names.js';
import { speech } from './view.js';

/** What a filter's value is called. */
export const nameOfLimit = (name: ListName, value: string): string =>
  name === 'person' || name === 'conversation' ? nameOf(name, value) : keyText(name, value, speech.value);
