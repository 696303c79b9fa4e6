import { RESPONSE_WINDOW } from './questions.js';

/** Seconds after a message was sent within which it has to be delivered, read or replied to. */
export const FUNNEL_WINDOW = RESPONSE_WINDOW;

/** Stages of a sent message in the order they are shown. Who replied may not have been told to have read: receipts can be off. */
export const STAGES = ['sent', 'delivered', 'read', 'replied'] as const;
/** Bits of what a message came to. */
export const DELIVERED = 1;
export const READ = 2;
export const REPLIED = 4;

/** SQL: the bits that a status tells of; what was read was delivered. NULL for others. */
export const stageOf = (status: string): string =>
  `CASE WHEN ${status} = 'delivered' THEN ${DELIVERED} WHEN ${status} IN ('read', 'played') THEN ${DELIVERED | READ} END`;
