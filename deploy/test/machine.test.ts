import asl from 'asl-validator';
import { describe, expect, it } from 'vitest';
import { ofType, templatesOf, textOf } from './templates.js';

/** The definition with every intrinsic function resolved to something of its form. */
function definition() {
  const { flow } = templatesOf();
  const [[, machine] = []] = ofType(flow, 'AWS::StepFunctions::StateMachine');
  const text = textOf(machine?.Properties['DefinitionString'])
    .replaceAll('${AWS::Partition}', 'aws')
    .replaceAll('${AWS::Region}', 'us-east-1')
    .replaceAll('${AWS::AccountId}', '123456789012')
    .replaceAll(/\$\{Nightly(\w+?)[0-9A-F]{8}\.Arn\}/g, 'arn:aws:lambda:us-east-1:123456789012:function:$1')
    .replaceAll(/\$\{Alarms\w*\}/g, 'arn:aws:sns:us-east-1:123456789012:alarms');
  return { text, states: JSON.parse(text) as { StartAt: string; States: Record<string, Record<string, unknown>> } };
}

describe('the state machine', () => {
  const { text, states } = definition();

  it('is valid, once the joins of its template are resolved', () => {
    expect(text).not.toContain('${');
    const { isValid, errors } = asl(states);
    expect(errors).toEqual([]);
    expect(isValid).toBe(true);
  });

  it('would be found invalid with a state that is not there', () => {
    expect(asl({ ...states, StartAt: 'Elsewhere' }).isValid).toBe(false);
  });

  it('runs a function for each source and day, a few at once, again with growing pauses when it fails, and sets aside what still fails', () => {
    const days = states.States['Days'] as {
      MaxConcurrency: number;
      ItemsPath: string;
      ItemProcessor: { States: Record<string, { Retry: object[]; Catch: object[] }> };
    };
    expect(days).toMatchObject({ MaxConcurrency: 8, ItemsPath: '$.days' });
    expect(days.ItemProcessor.States['Day']?.Retry).toEqual([
      { ErrorEquals: ['States.ALL'], IntervalSeconds: 10, BackoffRate: 3, MaxAttempts: 4, MaxDelaySeconds: 300, JitterStrategy: 'FULL' },
    ]);
    expect(days.ItemProcessor.States['Day']?.Catch).toEqual([{ ErrorEquals: ['States.ALL'], Next: 'Set aside', ResultPath: '$.error' }]);
  });

  it('tells of every failure and then fails', () => {
    const catching = Object.entries(states.States).flatMap(([name, state]) =>
      ((state['Catch'] as { Next: string }[] | undefined) ?? []).map(({ Next }) => [name, Next]),
    );
    expect(catching.sort()).toEqual([
      ['Go on', 'Tell'],
      ['Plan', 'Tell'],
      ['Register', 'Tell'],
    ]);
    expect(states.States['Tell']).toMatchObject({ Resource: 'arn:aws:states:::sns:publish', Next: 'Failed' });
    expect(states.States['Outcome']).toMatchObject({
      Choices: [{ Variable: '$.end.failed', NumericGreaterThan: 0, Next: 'Tell' }],
      Default: 'Done',
    });
  });

  it('hands on what was asked for, by which register knows a night', () => {
    expect(states.States['Register']).toMatchObject({ Parameters: { 'order.$': '$.order', 'more.$': '$.more', 'days.$': '$.days' } });
  });

  it('starts the next part before it tells of days that failed in this one', () => {
    expect(states.States['Register']).toMatchObject({ Next: 'Left' });
    expect(states.States['Left']).toMatchObject({
      Choices: [{ Variable: '$.more', BooleanEquals: true, Next: 'Go on' }],
      Default: 'Outcome',
    });
    expect(states.States['Go on']).toMatchObject({
      Resource: 'arn:aws:states:::states:startExecution',
      Parameters: { 'Input.$': '$.order' },
      ResultPath: null,
      Next: 'Outcome',
    });
  });
});
