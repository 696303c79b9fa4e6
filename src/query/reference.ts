import { fileColumns } from '../etl/fingerprint.js';
import { LAKE_TABLES } from './lake-tables.js';

/** Every table and column of the lake, from their declarations, as Markdown: `docs/schema.md`. */
export function schemaReference(): string {
  const tables = LAKE_TABLES.map((table) => {
    const rows = fileColumns(table).map(({ name, type, description }) => `| ${name} | ${type} | ${description.replaceAll('|', '\\|')} |`);
    return `## ${table.name}\n\n${table.description}\n\n| column | type | meaning |\n| --- | --- | --- |\n${rows.join('\n')}\n| context_date | DATE | Partition: the day in the lake's time zone. |\n`;
  });
  return `# Tables\n\nMade from the declared columns; a test keeps it so. Lists are of VARCHAR; times are epoch seconds, \`received_at\` milliseconds.\n\n${tables.join('\n')}`;
}
