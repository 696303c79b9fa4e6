import type { Snapshot } from '../cache/snapshot.js';
import { conversationKey } from './people.js';

/** Conversation and id of a forum topic, by its number. */
function found(snapshot: Snapshot, number: number): readonly [conversation: string, id: string] {
  const [conversation, id = ''] = (snapshot.names.topics.values[number] ?? '').split(' ');
  return [conversationKey(snapshot, Number(conversation)), id];
}

/** Orders topics by conversation and id. */
export function topicOrder(snapshot: Snapshot, number: number): string {
  const [conversation, id] = found(snapshot, number);
  return `${conversation} ${id.padStart(20)}`;
}

/** The conversation of a topic, and what the topic is called. */
export function topicCells(snapshot: Snapshot, number: number): readonly [conversation: string, label: string] {
  const [conversation, id] = found(snapshot, number);
  return [conversation, snapshot.names.topicNames.get(number)?.name ?? `#${id}`];
}
