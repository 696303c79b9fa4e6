import { describe, expect, it } from 'vitest';
import type { Panel } from '../../src/analysis/types.js';
import { drawingOf } from '../../src/report/drawing.js';
import { markdownReport } from '../../src/report/markdown.js';
import { htmlReport } from '../../src/report/page.js';
import type { Report } from '../../src/report/report.js';
import { terminalReport } from '../../src/report/terminal.js';
import { widthOf } from '../../src/report/plain.js';
import { HOSTILE, OFFSET, reportIn, VIEW } from './fixtures/report.js';

/** Languages' data differ in their spaces from one version of Node to the next. */
const spaced = (text: string): string => text.replace(/[\u00a0\u2009\u202f]/g, ' ');
const golden = (name: string): string => new URL(`./golden/${name}`, import.meta.url).pathname;
const terminal = (report: Report, width = 90): string => terminalReport(report, { width, styled: false, offset: OFFSET });

describe('the report', () => {
  it('is this HTML, in English', async () => {
    await expect(spaced(htmlReport(reportIn('en'), OFFSET))).toMatchFileSnapshot(golden('report.en.html'));
  });

  it('is this Markdown, in Portuguese', async () => {
    await expect(spaced(markdownReport(reportIn('pt-BR'), OFFSET))).toMatchFileSnapshot(golden('report.pt-BR.md'));
  });

  it('is this text, in Spanish', async () => {
    await expect(spaced(terminal(reportIn('es')))).toMatchFileSnapshot(golden('report.es.txt'));
  });

  it('does not compare with a period of which the lake holds a part only', () => {
    const report = { ...reportIn('en'), view: { ...VIEW, bounds: { from: '2024-07-10', to: '2024-07-21' } } };
    for (const text of [htmlReport(report, OFFSET), markdownReport(report, OFFSET), terminal(report)]) {
      expect(text).not.toMatch(/compared with|\+20%|\+25%/);
      expect(text).toContain('1,260');
    }
  });

  it('does not compare a day that goes on with the whole one before, in percent', () => {
    const report = { ...reportIn('en'), view: { ...VIEW, underway: true } };
    for (const text of [htmlReport(report, OFFSET), markdownReport(report, OFFSET), terminal(report)]) {
      expect(text).not.toMatch(/compared with|\+20%|\+25%/);
      expect(text).toContain('1,260');
    }
  });

  it('marks weeks and months that the period cuts off', () => {
    const range = { from: '2024-05-15', to: '2024-07-16' };
    const series = (kind: 'week' | 'month', starts: readonly string[]): Panel => ({
      id: 'series',
      title: kind,
      columns: [
        { name: kind, label: kind, kind },
        { name: 'messages', label: 'Messages', kind: 'count' },
      ],
      rows: starts.map((start) => [start, 7]),
      sql: '',
    });
    const weeks = Array.from({ length: 10 }, (_, at) => new Date(Date.UTC(2024, 4, 13 + 7 * at)).toISOString().slice(0, 10));
    const panels = [series('week', weeks), series('month', ['2024-05-01', '2024-06-01', '2024-07-01'])];
    const report = { ...reportIn('en'), view: { ...VIEW, range, panels } };
    const page = htmlReport(report, OFFSET);
    expect(page.match(/class="partial"/g)).toHaveLength(4);
    expect(page).toContain('<title>May 13 (5 of 7 days): 7</title>');
    expect(page).toContain('only in part: May 2024 (17 of 31 days), Jul 2024 (16 of 31 days)');
    const markdown = markdownReport(report, OFFSET);
    expect(markdown).toContain('| May 13 \\(5 of 7 days\\) | 7 |');
    expect(markdown).toContain('| Jun 2024 | 7 |');
    expect(terminal(report)).toMatch(/^Jul 15 \(2 of 7 days\) +█+ +7$/m);
    const many = {
      ...report,
      view: { ...report.view, range: { from: '2023-08-02', to: '2024-07-14' }, panels: [series('week', weeks.slice(0, 9))] },
    };
    expect(terminal(many)).toContain('only in part: Jul 31, 2023 (5 of 7 days)');
  });

  it.each([
    ['over New Year', { from: '2024-02-05', to: '2025-02-02' }, 'Feb 5, 2024'],
    ['within a year', { from: '2024-02-05', to: '2024-12-29' }, 'Feb 5'],
    ['within a quarter over New Year', { from: '2024-12-02', to: '2025-02-02' }, 'Dec 2'],
  ])('says the year of weeks only where it tells them apart: %s', (_, range, first) => {
    const weeks: Panel = {
      id: 'series',
      title: 'Weeks',
      columns: [
        { name: 'week', label: 'Week', kind: 'week' },
        { name: 'messages', label: 'Messages', kind: 'count' },
      ],
      rows: [[range.from, 7]],
      sql: '',
    };
    const report = { ...reportIn('en'), view: { ...VIEW, range, panels: [weeks] } };
    const page = htmlReport(report, OFFSET);
    expect(page).toContain(`<title>${first}: 7</title>`);
    expect(page).toMatch(new RegExp(`class="middle"\\s*>${first}</text>`));
    expect(terminal(report)).toMatch(new RegExp(`^${first} `, 'm'));
  });

  it('draws people active by the unit of their rows', () => {
    const weeks = Array.from({ length: 15 }, (_, at) => new Date(Date.UTC(2024, 3, 1 + 7 * at)).toISOString().slice(0, 10));
    const days = Array.from({ length: 105 }, (_, at) => new Date(Date.UTC(2024, 3, 1 + at)).toISOString().slice(0, 10));
    const panel: Panel = {
      id: 'active',
      title: 'Active people',
      columns: [
        { name: 'unit', label: 'Unit', kind: 'key' },
        { name: 'date', label: 'Date', kind: 'date' },
        { name: 'people', label: 'People', kind: 'count' },
      ],
      rows: [...days.map((day) => ['day', day, 3]), ...weeks.map((week) => ['week', week, 9])],
      sql: '',
    };
    const drawing = drawingOf(panel, { from: '2024-04-01', to: '2024-07-14' });
    expect(drawing).toMatchObject({ as: 'columns', column: { kind: 'week' }, along: weeks });
  });

  it('calls a conversation by its name where a panel has its id alone', () => {
    const conversation = { name: 'conversation', label: 'Conversation', kind: 'key', filter: 'conversation' } as const;
    const text = (name: string) => ({ name, label: name, kind: 'text' }) as const;
    const number = (name: string, kind: 'count' | 'share') => ({ name, label: name, kind });
    const panels: Panel[] = [
      {
        id: 'conversations',
        title: 'Conversations',
        columns: [conversation, text('name'), number('messages', 'count')],
        rows: [['telegram:-1001', 'Clube', 3]],
        sql: '',
      },
      {
        id: 'topic-outcomes',
        title: 'Topics',
        columns: [conversation, text('topic'), number('answered', 'share'), number('resolved', 'share')],
        rows: [
          ['telegram:-1001', 'Perguntas', 1, 1],
          ['telegram:-1002', 'Vagas', 1, 1],
        ],
        sql: '',
      },
    ];
    const report = { ...reportIn('en'), view: { ...VIEW, panels } };
    for (const shown of [htmlReport(report, OFFSET), markdownReport(report, OFFSET), terminal(report)]) {
      expect(shown).toMatch(/Clube[^P]*Perguntas/);
      expect(shown).not.toContain('-1001');
      expect(shown).toContain('no name …1002');
    }
  });

  it('says to its end what limits an answer', () => {
    const evidence = `${'36 questions, of which some were asked in private. '.repeat(4)}A small sample: take it as a hint.`;
    const report = { ...reportIn('en'), view: { ...VIEW, answers: VIEW.answers.map((answer) => ({ ...answer, evidence })) } };
    for (const text of [htmlReport(report, OFFSET), markdownReport(report, OFFSET), terminal(report, 60)])
      expect(text.replace(/\s+/g, ' ')).toContain('A small sample: take it as a hint.');
  });

  it('says so when nobody wrote', () => {
    const figures = VIEW.figures.map((figure) => ({ ...figure, value: figure.id === 'messages' ? 0 : null }));
    const view = { ...VIEW, bounds: null, answers: [], figures, panels: VIEW.panels.map((panel) => ({ ...panel, rows: [] })) };
    const report: Report = { language: 'en', view, questions: { range: VIEW.range, total: 0, groups: [], sql: '' } };
    for (const text of [htmlReport(report, OFFSET), markdownReport(report, OFFSET), terminal(report)])
      expect(text).toContain('There are no messages in this period yet.');
  });
});

describe('the report for a terminal', () => {
  it('keeps to the width, whatever the names', () => {
    for (const width of [48, 60, 80, 100])
      for (const line of terminal(reportIn('pt-BR'), width).split('\n')) expect(widthOf(line), line).toBeLessThanOrEqual(width);
  });

  it('moves no cursor and turns no line', () => {
    // oxlint-disable-next-line no-control-regex
    expect(terminal(reportIn('en'))).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/);
    expect(terminalReport(reportIn('en'), { width: 80, styled: true, offset: OFFSET })).toContain('\u001b[1mConversation report');
  });
});

describe('the report in Markdown', () => {
  it('takes nothing of a text for a mark, a link, a tag or a mention', () => {
    const text = markdownReport(reportIn('en'), OFFSET);
    expect(text).not.toMatch(/(?<!\\)</);
    expect(text).not.toMatch(/(?<!\\)\]\(/);
    expect(text).not.toContain('@everyone');
    expect(text).not.toContain('https://');
    const cells = (line: string) => line.replace(/\\\|/g, '').split('|').length;
    for (const table of text.split('\n\n').filter((part) => part.startsWith('|')))
      expect(new Set(table.trim().split('\n').map(cells)).size, table).toBe(1);
    expect(text).toContain(HOSTILE[1]?.replace(/^'/, "'"));
  });
});
