import { useEffect, useState } from 'preact/hooks';
import type { SqlView } from '../../server/api-types.js';
import { askJson, isRefusal, type Refusal } from '../api/client.js';
import { decimal, duration } from '../format/number.js';
import { PanelView } from '../panels/panel.js';
import { Empty } from '../parts/empty.js';
import { Icon } from '../parts/icons.js';
import { Popup } from '../parts/popup.js';
import { Virtual } from '../parts/virtual.js';
import { resource } from '../state/resource.js';
import { language } from '../state/settings.js';
import { refused } from '../words/refused.js';
import { words } from '../words/use.js';
import { panelOf, plainText, summing } from './chart.js';
import { cancelled, exportAs, FORMATS, problem, result, running } from './statement.js';

const ROW = 28;
const PLACING = { section: 'more', span: 12, height: 320 } as const;

/** Sums that a chart shows in place of a result's rows. */
const sums = resource<SqlView>((sql, signal) => askJson<SqlView>('/api/sql', { body: { sql }, signal }));

/** What the last statement gave: rows, a chart of them, or what is wrong with it. */
export function SqlResult() {
  const { empty, noRows, cancelled: stopped, table, chart, chartOf, noChart, rows, took, cut } = words.value.sql;
  const [drawn, setDrawn] = useState(false);
  const answer = result.value;
  const toSum = drawn && answer !== null ? summing(answer) : null;
  useEffect(() => {
    if (toSum !== null) void sums.load(toSum);
  }, [toSum]);
  if (problem.value !== null) return <Problem problem={problem.value} />;
  if (cancelled.value && !running.value) return <Empty title={stopped} />;
  if (answer === null)
    return running.value ? (
      <div class="card sql-result busy" role="status" aria-label={words.value.sql.running} />
    ) : (
      <Empty title={empty} />
    );
  const summed = sums.from.value === toSum ? sums.data.value : null;
  const shown = toSum === null ? answer : summed === null ? null : { ...summed, sql: toSum };
  const panel = drawn && shown !== null ? panelOf(shown, chartOf) : null;
  return (
    <section class={running.value ? 'sql-result busy' : 'sql-result'} aria-busy={running.value} aria-label={rows(answer.rows.length)}>
      <div class="result-head">
        <div class="seg" role="group" aria-label={words.value.sql.title}>
          <button type="button" aria-pressed={!drawn} onClick={() => setDrawn(false)}>
            {table}
          </button>
          <button type="button" aria-pressed={drawn} onClick={() => setDrawn(true)}>
            {chart}
          </button>
        </div>
        <p role="status">
          {rows(answer.rows.length)} <span class="quiet">{took(duration(language.value, Number(answer.seconds.toFixed(3))))}</span>
        </p>
        <span class="grow" />
        <ExportMenu sql={answer.sql} />
      </div>
      {answer.truncated && <p class="notice">{cut(answer.rows.length)}</p>}
      {answer.notices.map((notice) => (
        <p key={notice} class="notice">
          {notice}
        </p>
      ))}
      {answer.rows.length === 0 ? (
        <Empty title={noRows} />
      ) : !drawn ? (
        <ResultTable answer={answer} />
      ) : shown === null && sums.error.value === null ? (
        <div class="card sql-result busy" role="status" aria-label={words.value.sql.running} />
      ) : panel === null ? (
        <Empty title={noChart} />
      ) : (
        <PanelView panel={panel} placing={PLACING} range={null} />
      )}
    </section>
  );
}

/** Codes of which the engine says more than the page could. */
const ENGINES: ReadonlySet<string> = new Set(['SQL', 'SQL_REFUSED', 'LIMIT']);

/** The page says it in the reader's language. */
const PLACE = /^SQL is wrong(?: at line \d+, column \d+)?: /;

function Problem({ problem }: { readonly problem: Refusal }) {
  const { at } = words.value.sql;
  const { message, code, line, column } = problem;
  return (
    <div class="card sql-problem" role="alert">
      <p>{refused(problem)}</p>
      {ENGINES.has(code) && (
        <p class="engine" lang="en">
          {message.replace(PLACE, '')}
        </p>
      )}
      {line !== undefined && <p class="quiet">{at(String(line), String(column ?? 1))}</p>}
    </div>
  );
}

function ExportMenu({ sql }: { readonly sql: string }) {
  const [failed, setFailed] = useState('');
  const give = (format: (typeof FORMATS)[number]) => {
    setFailed('');
    exportAs(sql, format).catch((failure: unknown) => setFailed(isRefusal(failure) ? refused(failure) : String(failure)));
  };
  return (
    <>
      {failed !== '' && (
        <span class="problem" role="alert">
          {failed}
        </span>
      )}
      <Popup
        role="menu"
        class="menu"
        buttonClass="button"
        button={
          <>
            {words.value.sql.export}
            <Icon name="down" size={14} />
          </>
        }
      >
        {(close) =>
          FORMATS.map((format) => (
            <button
              key={format}
              type="button"
              role="menuitem"
              tabIndex={-1}
              onClick={() => {
                close();
                give(format);
              }}
            >
              {format === 'parquet' ? 'Parquet' : format.toUpperCase()}
            </button>
          ))
        }
      </Popup>
    </>
  );
}

/** A value as text; numbers as the language writes them only where they are not ids. */
function textOf(value: unknown): string {
  if (typeof value === 'number') return Number.isInteger(value) ? String(value) : decimal(language.value, value);
  return plainText(value);
}

const LEAST = 8;
const MOST = 48;
/** On a phone, so that there is more than one column in sight. */
const MOST_NARROW = 24;
const NARROW = 600;
const CHARACTER = 7.6;

/** Widths from the first rows, so that nothing moves while scrolling. */
function widthsOf({ columns, rows }: SqlView): readonly number[] {
  const most = innerWidth < NARROW ? MOST_NARROW : MOST;
  return columns.map(({ name }, index) => {
    const longest = rows
      .slice(0, 200)
      .reduce((length, row) => Math.max(length, row[index] === null ? 4 : textOf(row[index]).length), name.length);
    return Math.round(Math.min(most, Math.max(LEAST, longest)) * CHARACTER) + 24;
  });
}

const isNumber = (type: string): boolean => /INT|DOUBLE|FLOAT|REAL|DECIMAL/i.test(type) && !type.endsWith('[]');

function ResultTable({ answer }: { readonly answer: SqlView }) {
  const widths = widthsOf(answer);
  const template = `${widths.map((width) => `minmax(${width}px, ${width}fr)`).join(' ')}`;
  const least = widths.reduce((sum, width) => sum + width, 0);
  return (
    <div class="card result-table">
      <Virtual
        label={words.value.sql.table}
        count={answer.rows.length}
        rowHeight={ROW}
        role="table"
        head={
          <div role="rowgroup" class="result-names" style={{ minWidth: `${least}px` }}>
            <div role="row" class="result-row" style={{ gridTemplateColumns: template }}>
              {answer.columns.map(({ name, type }, index) => (
                <span key={index} role="columnheader" class={isNumber(type) ? 'num' : ''} title={`${name} ${type}`}>
                  {name}
                </span>
              ))}
            </div>
          </div>
        }
        row={(at) => (
          <div
            key={at}
            role="row"
            aria-rowindex={at + 2}
            class="result-row"
            style={{ gridTemplateColumns: template, minWidth: `${least}px` }}
          >
            {answer.columns.map(({ type }, index) => {
              const value = answer.rows[at]?.[index];
              const none = value === null || value === undefined;
              const text = none ? words.value.sql.null : textOf(value);
              return (
                <span key={index} role="cell" class={none ? 'none' : isNumber(type) ? 'num' : ''} title={text} dir="auto">
                  {text}
                </span>
              );
            })}
          </div>
        )}
      />
    </div>
  );
}
