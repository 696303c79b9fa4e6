import { useEffect } from 'preact/hooks';
import type { CoverageView, DoctorView, QuarantineView, RunsView, StorageView, WebhooksView } from '../../server/api-types.js';
import type { DayStatus } from '../../server/health.js';
import { moment } from '../format/date.js';
import { bytes, count, duration } from '../format/number.js';
import { Calendar } from '../health/calendar.js';
import { Gaps } from '../health/gaps.js';
import { Imports } from '../health/imports.js';
import { Quarantine } from '../health/quarantine.js';
import { Sources } from '../health/sources.js';
import { Webhooks } from '../health/webhooks.js';
import { Empty } from '../parts/empty.js';
import { health } from '../state/health.js';
import { onLake } from '../state/live.js';
import { type Resource, resource } from '../state/resource.js';
import { language } from '../state/settings.js';
import { zone } from '../state/view.js';
import { words } from '../words/use.js';

const status = resource<{ days: readonly DayStatus[] }>();
const quarantine = resource<QuarantineView>();
const storage = resource<StorageView>();
const coverage = resource<CoverageView>();
const runs = resource<RunsView>();
const doctor = resource<DoctorView>();
const webhooks = resource<WebhooksView>();

const LIVE: readonly (readonly [Resource<never>, string])[] = [
  [status as Resource<never>, '/api/status'],
  [coverage as Resource<never>, '/api/coverage'],
  [quarantine as Resource<never>, '/api/quarantine?limit=100'],
  [storage as Resource<never>, '/api/storage'],
  [runs as Resource<never>, '/api/runs'],
];

const examine = (): void => void doctor.load(`/api/doctor?lang=${language.value}`);

/** Whether nothing was lost, in words, and what to mend. */
export function HealthPage() {
  const load = () => {
    for (const [one, address] of LIVE) void one.load(address);
  };
  useEffect(() => {
    load();
    void webhooks.load('/api/webhooks');
    return onLake(load);
  }, []);
  useEffect(examine, [language.value]);
  const text = words.value.health;
  return (
    <div class="health">
      <Verdict />
      <div class="grid">
        <section class="card span-8" aria-label={text.calendar}>
          <div class="caption">
            <h2>{text.calendar}</h2>
            <span class="note">{text.calendarNote}</span>
          </div>
          <Calendar days={status.data.value?.days ?? null} coverage={coverage.data.value} />
          <Gaps coverage={coverage.data.value} />
        </section>
        <section class="card span-4" aria-label={text.sources}>
          <div class="caption">
            <h2>{text.sources}</h2>
          </div>
          <Sources days={status.data.value?.days ?? null} />
        </section>
        <Imports />
        <Webhooks view={webhooks.data.value} />
        <Findings />
        <StorageCard />
        <RunsCard />
        <section class="card span-12" aria-label={text.quarantine}>
          <div class="caption">
            <h2>{text.quarantine}</h2>
            {quarantine.data.value !== null && <span class="note">{count(language.value, quarantine.data.value.total)}</span>}
          </div>
          <Quarantine view={quarantine.data.value} />
        </section>
      </div>
    </div>
  );
}

function Verdict() {
  const { well, ill, wellText, runFailed, title } = words.value.health;
  const now = health.data.value;
  return (
    <section class={now === null ? 'verdict' : now.ok ? 'verdict good' : 'verdict bad'} aria-label={title}>
      <h1>{now === null ? title : now.ok ? well : ill}</h1>
      <p>{now === null ? ' ' : wellText(now.sums.units, now.sums.rows, now.sums.duplicates, now.sums.quarantined)}</p>
      {now?.lastRunFailed === true && <p>{runFailed}</p>}
    </section>
  );
}

const LEVELS = { ok: 'good', warn: 'warn', fail: 'bad' } as const;

function Findings() {
  const { findings, findingsEmpty, checkAgain, severity } = words.value.health;
  const list = doctor.data.value?.findings ?? null;
  return (
    <section class="card span-6" aria-label={findings}>
      <div class="caption">
        <h2>{findings}</h2>
        <span class="card-end">
          <button type="button" class="text-button" disabled={doctor.loading.value} onClick={examine}>
            {checkAgain}
          </button>
        </span>
      </div>
      {list === null ? (
        <div class="bone body small" aria-hidden="true" />
      ) : list.length === 0 ? (
        <Empty title={findingsEmpty} />
      ) : (
        <ul class="findings" tabIndex={0} aria-label={findings}>
          {list.map(({ level, subject, message, mend }) => (
            <li key={`${subject} ${message}`}>
              <span class={`dot ${LEVELS[level]}`} title={severity[level]} />
              <div>
                <b>{subject}</b> <span class="unseen">{severity[level]}</span>
                <span>{message}</span>
                {mend !== undefined && <p class="quiet">{mend}</p>}
              </div>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

function StorageCard() {
  const { storage: title, storageEmpty, table, objects, size } = words.value.health;
  const layers = storage.data.value?.layers ?? null;
  return (
    <section class="card span-6" aria-label={title}>
      <div class="caption">
        <h2>{title}</h2>
      </div>
      {layers === null ? (
        <div class="bone body small" aria-hidden="true" />
      ) : layers.every((layer) => layer.objects === 0) ? (
        <Empty title={storageEmpty} />
      ) : (
        <table class="plain">
          <thead>
            <tr>
              <th scope="col">{table}</th>
              <th scope="col" class="num">
                {objects}
              </th>
              <th scope="col" class="num">
                {size}
              </th>
            </tr>
          </thead>
          {layers.map((layer) => (
            <tbody key={layer.layer}>
              <tr class="sum">
                <th scope="row">{layer.layer}</th>
                <td class="num">{count(language.value, layer.objects)}</td>
                <td class="num">{bytes(language.value, layer.bytes)}</td>
              </tr>
              {layer.parts.map((part) => (
                <tr key={part.name}>
                  <td>
                    <code>{part.name}</code>
                  </td>
                  <td class="num">{count(language.value, part.objects)}</td>
                  <td class="num">{bytes(language.value, part.bytes)}</td>
                </tr>
              ))}
            </tbody>
          ))}
        </table>
      )}
    </section>
  );
}

const RUNS = 50;

function RunsCard() {
  const text = words.value.health;
  const list = runs.data.value?.runs ?? null;
  return (
    <section class="card span-12" aria-label={text.runs}>
      <div class="caption">
        <h2>{text.runs}</h2>
      </div>
      {list === null ? (
        <div class="bone body small" aria-hidden="true" />
      ) : list.length === 0 ? (
        <Empty title={text.runsEmpty} />
      ) : (
        <div class="table-box runs" tabIndex={0} role="group" aria-label={text.runs}>
          <table>
            <thead>
              <tr>
                <th scope="col">{text.runStart}</th>
                <th scope="col">{text.runState}</th>
                <th scope="col" class="num">
                  {text.runTook}
                </th>
                <th scope="col" class="num">
                  {text.runDays}
                </th>
                <th scope="col" class="num">
                  {text.runLines}
                </th>
                <th scope="col" class="num">
                  {text.runRows}
                </th>
                <th scope="col" class="num">
                  {text.quarantine}
                </th>
              </tr>
            </thead>
            <tbody>
              {list.slice(0, RUNS).map((run) => (
                <tr key={run.startedAt}>
                  <td>{moment(language.value, run.startedAt, zone.value)}</td>
                  <td>
                    <span class={run.ok ? 'dot good' : 'dot bad'} /> {run.ok ? text.runOk : text.runBad}
                  </td>
                  <td class="num">{duration(language.value, run.seconds < 1 ? run.seconds : Math.round(run.seconds))}</td>
                  <td class="num">{count(language.value, run.days)}</td>
                  <td class="num">{count(language.value, run.lines)}</td>
                  <td class="num">{count(language.value, run.rows)}</td>
                  <td class="num">{count(language.value, run.quarantined)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </section>
  );
}
