import type { AnalysisView, Language, Panel, QuestionsView } from '../analysis/types.js';

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

const isConversation = ({ kind, filter }: Panel['columns'][number]): boolean => kind === 'key' && filter === 'conversation';
const isName = ({ name }: Panel['columns'][number]): boolean => name === 'name';

/** Conversations by their names, as far as the report tells them, where a panel has ids alone. */
function withNames(report: Report): Report {
  const { panels } = report.view;
  const names = new Map(
    panels.flatMap(({ columns, rows }) => {
      const [key, name] = [columns.findIndex(isConversation), columns.findIndex(isName)];
      return key < 0 || name < 0 ? [] : rows.filter((row) => row[name] !== null).map((row) => [row[key], row[name]] as const);
    }),
  );
  const named = (panel: Panel): Panel => {
    const at = panel.columns.findIndex(isConversation);
    if (at < 0 || panel.columns.some(isName)) return panel;
    return { ...panel, rows: panel.rows.map((row) => row.with(at, names.get(row[at]) ?? row[at] ?? null)) };
  };
  return { ...report, view: { ...report.view, panels: panels.map(named) } };
}

/** The report without the period before when the lake does not hold all of it: such a change would be one of the lake. */
function comparable(report: Report): Report {
  const { view, questions } = report;
  if (view.before === null || (view.bounds !== null && view.bounds.from <= view.before.from)) return report;
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
