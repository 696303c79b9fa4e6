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

/** A report whose changes say something: none where the lake does not hold all of the period before, or the one day is not over. */
function comparable(report: Report): Report {
  const { view } = report;
  if (view.before === null) return report;
  if (view.bounds === null || view.bounds.from > view.before.from) {
    const bare = withoutChanges(report);
    return { ...bare, view: { ...bare.view, before: null, panels: view.panels.filter(({ id }) => id !== 'before') } };
  }
  return view.underway ? withoutChanges(report) : report;
}

const withoutChanges = (report: Report): Report => ({
  ...report,
  view: { ...report.view, figures: report.view.figures.map((figure) => ({ ...figure, before: null })) },
  questions: { ...report.questions, groups: report.questions.groups.map((group) => ({ ...group, before: null })) },
});
