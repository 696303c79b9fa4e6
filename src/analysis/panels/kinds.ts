import { where } from '../statement.js';
import { column, type PanelSpec, plain } from './panel.js';
import { most } from './most.js';

const KINDS_SHOWN = 30;

export const KINDS: PanelSpec = {
  id: 'kinds',
  columns: () => [column('kind', 'key', 'kind'), column('messages', 'count')],
  count: ({ snapshot }) =>
    plain(({ byKind }) =>
      most(byKind, KINDS_SHOWN, (kind) => snapshot.names.kinds.values[kind] ?? '').map(({ text, count }) => [text, count]),
    ),
  sql: ({ filters, range, zone }) => `SELECT kind, count(*) AS messages
FROM activity
${where(filters, range, zone)}
GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT ${KINDS_SHOWN}`,
};
