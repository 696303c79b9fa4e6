import type { AnalysisView, Language, QuestionsView } from '../analysis/types.js';

/** What a report says: the first page of the dashboard and its questions, from one state of the lake. */
export interface Report {
  readonly language: Language;
  readonly view: AnalysisView;
  readonly questions: QuestionsView;
}

/** Whether nobody wrote in the period. */
export const isEmpty = ({ figures }: AnalysisView): boolean => figures.find(({ id }) => id === 'messages')?.value === 0;

/** The report without the period before when the lake does not hold all of it: such a change would be one of the lake. */
export function comparable(report: Report): Report {
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
