import { fork } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { start, stop } from './support/child.js';
import { PROXY_TOKEN } from './support/proxy-token.js';
void PROXY_TOKEN;
const platform = await start<number>('./proxy-server.mjs', ['platform']);
for (const [name, file, args] of [
  ['undici', '/tmp/bareu.mjs', ['plain', String(platform.message)]],
  ['node', '/work/main/bench/support/proxy-server.mjs', ['bare', String(platform.message)]],
] as const) {
  const child = fork(file, [...args], { execArgv: ['--trace-gc'], stdio: ['ignore', 'pipe', 'inherit', 'ipc'] });
  const gc: string[] = [];
  createInterface({ input: child.stdout! }).on('line', (l) => gc.push(l));
  const [port] = await once(child, 'message');
  for (const rate of [0, 1000]) {
    const before = gc.length;
    const { message } = await start<any>('./proxy-load.ts', ['', String(port), '32', String(rate), '4', '3']);
    console.log(name, rate, message.perSecond.toFixed(0), 'p99', message.p99.toFixed(1));
    console.log(gc.slice(before).slice(-5).join('\n'));
  }
  await stop(child);
}
await stop(platform.child);
process.exit(0);
