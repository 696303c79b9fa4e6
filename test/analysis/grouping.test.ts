import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { groupWordings, type Wording } from '../../src/analysis/questions/grouping.js';

type Labelled = Readonly<Record<string, readonly string[]>>;

const FIXTURE = JSON.parse(readFileSync(new URL('./fixtures/question-groups.json', import.meta.url), 'utf8')) as {
  readonly tuned: Labelled;
  readonly heldOut: Labelled;
};

const wording = (text: string, count = 1): Wording => ({ text, count });

/** Of pairs of wordings: how many grouped pairs belong together, and how many that belong together are grouped. */
async function measure(labelled: Labelled) {
  const items = Object.entries(labelled).flatMap(([label, texts]) => texts.map((text) => ({ label, text })));
  const found = await groupWordings(items.map(({ text }) => wording(text)));
  const pairs = items.flatMap((a, i) =>
    items.slice(i + 1).map((b, at) => ({ same: a.label === b.label, grouped: found[i] === found[i + 1 + at] })),
  );
  const right = pairs.filter(({ same, grouped }) => same && grouped).length;
  const precision = right / pairs.filter(({ grouped }) => grouped).length;
  const recall = right / pairs.filter(({ same }) => same).length;
  return { wordings: items.length, precision, recall, f1: (2 * precision * recall) / (precision + recall) };
}

const grouped = async (...texts: string[]) => new Set(await groupWordings(texts.map((text) => wording(text)))).size;

describe('grouping of questions', () => {
  it('is as good as docs/metrics.md says on wordings it was tuned with, and on others', async () => {
    const [tuned, heldOut] = [await measure(FIXTURE.tuned), await measure(FIXTURE.heldOut)];
    expect(tuned.wordings + heldOut.wordings).toBeGreaterThan(150);
    expect(tuned.precision).toBe(1);
    expect(tuned.recall).toBeGreaterThan(0.9);
    expect(heldOut.precision).toBe(1);
    expect(heldOut.recall).toBeGreaterThan(0.68);
  });

  it('puts together what differs in courtesy, accents, order and inflection', async () => {
    expect(await grouped('Oi, tudo bem? como eu rastreio meu pedido?', 'COMO RASTREAR O PEDIDO', 'pedido: como rastrear??')).toBe(1);
    expect(await grouped('how do I reset my password?', 'hi all, is there a way of resetting passwords')).toBe(1);
    expect(await grouped('¿Cuánto cuesta el envío?', 'precio de envio?')).toBe(1);
  });

  it('keeps apart what differs in one word of meaning', async () => {
    expect(await grouped('vocês abrem sábado?', 'vocês abrem domingo?')).toBe(2);
    expect(await grouped('como cancelo meu pedido?', 'como rastreio meu pedido?')).toBe(2);
    expect(await grouped('how do I reset my password?', 'how do I change my email?')).toBe(2);
  });

  it('looks at the sentence that asks when it says enough, and else at all of the message', async () => {
    expect(await grouped('comprei ontem na loja do centro. qual o prazo de entrega?', 'qual o prazo de entrega?')).toBe(1);
    expect(await grouped('the wifi stopped working. any ideas?', 'the printer stopped printing. any ideas?')).toBe(2);
  });

  it('takes the most frequent wording as the first of its group', async () => {
    const texts = [wording('aceita pix?', 2), wording('vocês aceitam pix?', 9), wording('qual o frete?', 1)];
    expect(await groupWordings(texts)).toEqual([1, 1, 2]);
  });

  it('gives the same groups in whatever order wordings come', async () => {
    const texts = Object.values(FIXTURE.tuned).flat();
    const partition = async (order: readonly string[]) => {
      const leaders = await groupWordings(order.map((text) => wording(text, texts.indexOf(text) % 3)));
      return new Map(order.map((text, index) => [text, order[leaders[index] as number]]));
    };
    const expected = await partition(texts);
    await fc.assert(
      fc.asyncProperty(fc.shuffledSubarray(texts, { minLength: texts.length, maxLength: texts.length }), async (order) => {
        const found = await partition(order);
        for (const text of texts) expect(found.get(text)).toBe(expected.get(text));
      }),
      { numRuns: 20 },
    );
  });

  it('takes any text', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.string({ unit: 'binary' }), { maxLength: 12 }), async (texts) => {
        const leaders = await groupWordings(texts.map((text) => wording(text)));
        expect(leaders.every((leader) => leaders[leader] === leader)).toBe(true);
      }),
    );
    expect(await groupWordings([])).toEqual([]);
  });
});
