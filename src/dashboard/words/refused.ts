import type { Refusal } from '../api/client.js';
import { words } from './use.js';

/** What was refused, in the reader's language; in the server's words where there are none. */
export function refused({
  status,
  code,
  detail,
  message,
}: Pick<Refusal, 'code' | 'message' | 'detail'> & { readonly status?: number }): string {
  const { refusals } = words.value;
  return (
    refusals[detail ?? ''] ??
    refusals[code] ??
    (status !== undefined && status >= 500 ? (refusals['INTERNAL'] ?? message) : message || code)
  );
}
