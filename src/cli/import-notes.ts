import type { Note, Order } from '../import/notes.js';

const SPELLED: Readonly<Record<Order, string>> = { dmy: 'day/month/year', mdy: 'month/day/year', ymd: 'year/month/day' };

/** How a file was understood, in the words of the command line: with the option that decides otherwise. */
export function noteText(note: Note): string {
  switch (note.what) {
    case 'dates-told':
      return `Dates are read as ${SPELLED[note.order]}, as told.`;
    case 'dates-year-first':
      return `Dates are ${SPELLED[note.order]}.`;
    case 'dates-fit':
      return `Dates are ${SPELLED[note.order]}: ${note.times} of ${note.of} fit no other order.`;
    case 'dates-backward':
      return `Dates are ${SPELLED[note.order]}: as ${SPELLED[note.other]}, time would run backward ${note.times} times.`;
    case 'dates-unsure':
      return `Dates could be ${SPELLED[note.order]} or ${SPELLED[note.other]}: read as ${SPELLED[note.order]}. If that is wrong, say --date-order ${note.other}.`;
    case 'chat':
      return `The chat is "${note.chat}"${note.told ? '' : '; another export of it must have the same name (--chat)'}.`;
    case 'timezone':
      return `Times are those of ${note.timezone} (--timezone).`;
    case 'unknown-half':
      return `"${note.word}" beside the time is no half of the day that is known here: hours are taken as they are.`;
    case 'business':
      return note.author === null
        ? 'Nobody in it is known to be the business (--me): every message counts as received.'
        : `Messages of "${note.author}" count as sent by the business.`;
    case 'number':
      return `It is with the number ending in ${note.ending}: what was received live of it is not doubled.`;
    case 'number-unknown':
      return 'Whose number it is with is not known (--number): what was received live of it is doubled, and it is a conversation of its own.';
    case 'many-authors':
      return 'It has more than two authors: what was received live of it is doubled.';
    case 'own-ids':
      return `${note.chat}, and others like it: in private chats and groups of the old kind every account counts the messages for itself. What a bot received of this chat has other ids and stays a row of its own.`;
  }
}
