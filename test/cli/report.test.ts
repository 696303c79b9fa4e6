import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openAnalysis } from '../../src/analysis/analysis.js';
import { reportCommand } from '../../src/cli/report.js';
import { fileStore } from '../../src/lake/file.js';
import type { Report } from '../../src/report/report.js';
import { addRow, LAST_DAY, newRoot, randomRows, type Rows, writeLake, ZONE } from '../analysis/lake.js';
import { testIo } from '../support/io.js';

const NOW = ZONE.startOf(LAST_DAY) * 1000 + 20 * 3_600_000;
let root: string;

beforeAll(async () => {
  root = await newRoot();
  await writeLake(root, randomRows('report', 300));
});
afterAll(() => rm(root, { recursive: true, force: true }));

async function run(args: readonly string[], env: Record<string, string> = {}, terminal = false): Promise<string> {
  const io = testIo({ env: { CHATLAKE_ENRICHED: root, CHATLAKE_TIMEZONE: ZONE.name, ...env }, now: () => NOW, terminal });
  await reportCommand(io).exitOverride().parseAsync(args, { from: 'user' });
  return io.out();
}

describe('chatlake report', () => {
  it('has the numbers of the page', async () => {
    const analysis = await openAnalysis({ enriched: fileStore(root), zone: ZONE, clock: { now: () => NOW } });
    const filters = { period: '2024-04-01..2024-04-30' } as const;
    const view = await analysis.view(filters, { language: 'en', targetMinutes: 10 });
    const questions = await analysis.questions(filters, { language: 'en' });
    await analysis.close();
    const report = JSON.parse(await run(['--period', 'month', '--format', 'json'])) as Report;
    expect(report).toEqual(JSON.parse(JSON.stringify({ language: 'en', view, questions })));
    expect(report.view.figures[0]?.value).toBeGreaterThan(50);
  });

  it('begins with the first day of the lake where only its end is given', async () => {
    const rangeTo = async (to: string) => (JSON.parse(await run(['--to', to, '--format', 'json'])) as Report).view.range;
    const { bounds } = (JSON.parse(await run(['--period', 'all', '--format', 'json'])) as Report).view;
    expect(await rangeTo('2024-03-31')).toEqual({ from: bounds?.from, to: '2024-03-31' });
    expect(await rangeTo('2023-12-31')).toEqual({ from: '2023-12-31', to: '2023-12-31' });
  });

  it.each(['text', 'html', 'md'])('tells no number of a contact without a name: %s', async (format) => {
    const own = await newRoot();
    const rows: Rows = new Map();
    const says = { type: 'text', direction: 'in', phone_number_id: '777', message: 'qual o preço?', date: NOW / 1000 - 3600 };
    for (const [at, name] of [null, '', '\u200b'].entries())
      addRow(rows, ZONE, 'whatsapp', { ...says, name, number: 5_511_999_900_070 + at, message_id: `w${at}` });
    await writeLake(own, rows);
    const text = await run(['--format', format, '--lang', 'pt-BR'], { CHATLAKE_ENRICHED: own });
    expect(text).not.toContain('551199990007');
    expect(text).toContain('sem nome');
    for (const end of ['0070', '0071', '0072']) expect(text).toContain(end);
    await rm(own, { recursive: true, force: true });
  });

  it('is text with bars, as wide and in the language that the terminal has', async () => {
    const text = await run(['--period', 'all'], { LANG: 'pt_BR.UTF-8' }, true);
    expect(text).toContain('\u001b[1mRelatório das conversas');
    expect(text).toContain('█');
    expect(await run(['--period', 'all', '--lang', 'es'], { NO_COLOR: '1' }, true)).toMatch(/^Informe de las conversaciones/);
    expect(await run([], { LANG: 'C.UTF-8' })).toMatch(/^Conversation report/);
  });

  it('writes a whole file in the format of its name', async () => {
    await run(['--from', '2024-02-10', '-o', join(root, 'report.html')]);
    expect(await readFile(join(root, 'report.html'), 'utf8')).toMatch(/^<!doctype html>[\s\S]*<\/html>\s*$/);
    await run(['-o', join(root, 'report.md')]);
    expect(await readFile(join(root, 'report.md'), 'utf8')).toMatch(/^# Conversation report/);
    expect((await readdir(root)).filter((name) => name.endsWith('.tmp'))).toEqual([]);
  });

  it('writes no file of an unknown format, but where the format is said', async () => {
    const pdf = join(root, 'report.pdf');
    await expect(run(['-o', pdf])).rejects.toMatchObject({
      code: 'USAGE',
      message: expect.stringMatching(/\.pdf.*html, htm, md, markdown, json, txt.*--format/),
    });
    await expect(run(['-o', join(root, 'report.constructor')])).rejects.toMatchObject({ code: 'USAGE' });
    expect((await readdir(root)).filter((name) => name.startsWith('report.') && name !== 'report.html' && name !== 'report.md')).toEqual(
      [],
    );
    await run(['-o', pdf, '--format', 'md']);
    expect(await readFile(pdf, 'utf8')).toMatch(/^# Conversation report/);
    await run(['-o', join(root, 'plain')]);
    expect(await readFile(join(root, 'plain'), 'utf8')).toMatch(/^Conversation report/);
  });

  it('tells what is wrong with its flags and where it cannot write', async () => {
    await expect(run(['--period', 'fortnight'])).rejects.toMatchObject({ code: 'USAGE' });
    await expect(run(['--lang', 'fr'])).rejects.toMatchObject({ code: 'USAGE' });
    await expect(run(['-o', join(root, 'nowhere', 'report.html')])).rejects.toThrow(/Cannot write .*ENOENT.*Give -o/);
  });
});
