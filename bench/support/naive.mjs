/**
 * Child process: servers to compare with. Each reads the body and answers 200; `bare` keeps nothing, `file` and `put` keep one file
 * a message. Says its port. Arguments: kind, folder. Plain JavaScript: no compiler's helpers are measured with it.
 */
import { randomUUID } from 'node:crypto';
import { mkdir, open, rename } from 'node:fs/promises';
import { createServer } from 'node:http';
import { join } from 'node:path';

const [kind = 'bare', folder = ''] = process.argv.slice(2);
const keep = { file: oneFile, put: oneFileByRename }[kind];

const server = createServer((request, response) => {
  const chunks = [];
  request.on('data', (chunk) => chunks.push(chunk));
  request.on('end', () => {
    const answer = () => {
      response.writeHead(200, { 'Content-Length': '0' });
      response.end();
    };
    if (keep === undefined) answer();
    else void keep(Buffer.concat(chunks)).then(answer);
  });
});
await mkdir(folder, { recursive: true });
server.listen(0, '127.0.0.1', () => process.send(server.address().port));

async function writeSynced(path, body) {
  const handle = await open(path, 'wx');
  await handle.write(body);
  await handle.sync();
  await handle.close();
}

async function oneFile(body) {
  await writeSynced(join(folder, `${randomUUID()}.json`), body);
}

async function oneFileByRename(body) {
  const name = randomUUID();
  await writeSynced(join(folder, `.${name}`), body);
  await rename(join(folder, `.${name}`), join(folder, `${name}.json`));
}
