import { createInterface } from 'node:readline';
import { Writable } from 'node:stream';
import { ChatlakeError } from '../../errors.js';

/** Asks a person at a terminal. Rejects with CANCELLED on Ctrl-C, at the end of input, or when `stop` is aborted. */
export interface Prompt {
  say(text: string): void;
  /** The line without the space around it. */
  ask(question: string): Promise<string>;
  /** Like `ask`, but nothing of the answer is shown or remembered. */
  askUnseen(question: string): Promise<string>;
  /** Enter alone answers `byDefault`. */
  confirm(question: string, byDefault: boolean): Promise<boolean>;
  /** Resolves at the next line that is entered. Never resolves once `signal` is aborted. */
  enter(signal: AbortSignal): Promise<void>;
  close(): void;
}

interface Waiting {
  readonly resolve: (line: string) => void;
  readonly reject: (error: Error) => void;
}

export function terminalPrompt(stdin: NodeJS.ReadStream, stdout: NodeJS.WriteStream, stop: AbortSignal): Prompt {
  let unseen = false;
  const screen = Object.assign(
    new Writable({
      write: (chunk: Buffer, _encoding, done) => {
        if (!unseen) stdout.write(chunk);
        done();
      },
    }),
    { columns: stdout.columns, isTTY: true },
  );
  const reader = createInterface({ input: stdin, output: screen, terminal: true, historySize: 0 });
  // Lines may come faster than they are asked for, when several are pasted.
  const lines: string[] = [];
  let waiting: Waiting | undefined;
  let ended = false;

  const cancel = () => {
    ended = true;
    unseen = false;
    waiting?.reject(cancelled());
    waiting = undefined;
  };
  reader.on('line', (line) => {
    if (!waiting) return void lines.push(line);
    waiting.resolve(line);
    waiting = undefined;
  });
  reader.on('close', cancel);
  reader.on('SIGINT', cancel);
  stop.addEventListener('abort', cancel, { once: true });
  if (stop.aborted) cancel();

  const line = () =>
    new Promise<string>((resolve, reject) => {
      const ready = lines.shift();
      if (ready !== undefined) resolve(ready);
      else if (ended) reject(cancelled());
      else waiting = { resolve, reject };
    });
  const ask = async (question: string) => {
    const lastLine = question.lastIndexOf('\n') + 1;
    stdout.write(question.slice(0, lastLine)); // the reader draws a prompt of one line only
    reader.setPrompt(question.slice(lastLine));
    reader.prompt();
    return (await line()).trim();
  };

  return {
    say: (text) => void stdout.write(`${text}\n`),
    ask,
    askUnseen: async (question) => {
      stdout.write(question);
      unseen = true;
      try {
        return (await line()).trim();
      } finally {
        unseen = false;
        stdout.write('\n');
      }
    },
    confirm: async (question, byDefault) => {
      const answer = await ask(`${question} ${byDefault ? '[Y/n]' : '[y/N]'} `);
      return answer === '' ? byDefault : /^y/i.test(answer);
    },
    enter: async (signal) => {
      reader.setPrompt('');
      const entered = line();
      signal.addEventListener('abort', () => (waiting = undefined), { once: true });
      await entered;
    },
    close: () => {
      stop.removeEventListener('abort', cancel);
      reader.off('close', cancel);
      reader.close();
    },
  };
}

const cancelled = () => new ChatlakeError('CANCELLED', 'Stopped. Nothing was written.');
