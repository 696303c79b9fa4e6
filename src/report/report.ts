import { calledBy } from '../analysis/text/seen.js';
import type { AnalysisView, Cell, Language, Panel, PanelColumn, QuestionsView } from '../analysis/types.js';
import { reportWords } from './words.js';

/** What a report says: the first page of the dashboard and its questions, from one state of the lake. */
export interface Report {
  readonly language: Language;
  readonly view: AnalysisView;
  readonly questions: QuestionsView;
}

/** Whether nobody wrote in the period. */
export const isEmpty = ({ figures }: AnalysisView): boolean => figures.find(({ id }) => id === 'messages')?.value === 0;

/** The report as people read it. */
export const readable = (report: Report): Report => withNames(comparable(report));

const isConversation = ({ kind, filter }: PanelColumn): boolean => kind === 'key' && filter === 'conversation';
const isKey = ({ kind }: PanelColumn): boolean => kind === 'key';
const isName = ({ name }: PanelColumn): boolean => name === 'name';

/** People and conversations by their names, as far as the report tells them; without one by the end of the id, which may be a phone number. */
function withNames(report: Report): Report {
  const { panels } = report.view;
  const { nameless } = reportWords(report.language);
  const text = (cell: Cell): string | null => (cell === null ? null : String(cell));
  const called = (name: Cell = null, key: Cell = null): string => calledBy(text(name), text(key), nameless);
  const names = new Map(
    panels.flatMap(({ columns, rows }) => {
      const [key, name] = [columns.findIndex(isConversation), columns.findIndex(isName)];
      return key < 0 || name < 0 ? [] : rows.map((row) => [row[key], row[name]] as const);
    }),
  );
  const named = (panel: Panel): Panel => {
    const name = panel.columns.findIndex(isName);
    const key = panel.columns.findIndex(name < 0 ? isConversation : isKey);
    if (key < 0) return panel;
    const rows = panel.rows.map((row) =>
      name < 0 ? row.with(key, called(names.get(row[key]), row[key])) : row.with(name, called(row[name], row[key])),
    );
    return { ...panel, rows };
  };
  return { ...report, view: { ...report.view, panels: panels.map(named) } };
}

/**
 * The report without the period before when the lake does not hold all of it, such a change would be one of the lake, or when the one day is not over:
 * it would be one of the hour.
 */
function comparable(report: Report): Report {
  const { view, questions } = report;
  const { before, bounds, underway } = view;
  if (before === null || (!underway && bounds !== null && bounds.from <= before.from)) return report;
  return {
    ...report,
    view: {
      ...view,
      before: null,
      figures: view.figures.map((figure) => ({ ...figure, before: null })),
      panels: view.panels.filter(({ id }) => id !== 'before'),
    },
    questions: { ...questions, groups: questions.groups.map((group) => ({ ...group, before: null })) },
  };
}
