/**
 * Child process: `platform` (answers sendMessage) or `bare` (pipes to it). Says its port. Arguments: kind, port of the platform. Plain JavaScript:
 * no compiler's helpers are measured with it.
 */
import { Agent, createServer, request as httpRequest } from 'node:http';

const [kind = 'bare', platform = '0'] = process.argv.slice(2);
const ANSWER = JSON.stringify({
  ok: true,
  result: {
    message_id: 5,
    from: { id: 123456789, is_bot: true, first_name: 'Bot', username: 'a_bot' },
    chat: { id: -1001234567890, type: 'supergroup', title: 'The group' },
    date: 1_720_000_000,
    text: 'x'.repeat(200),
  },
});

const server = kind === 'platform' ? answering() : bare();
server.listen(0, '127.0.0.1', () => process.send(server.address().port));

function answering() {
  return createServer((request, response) => {
    request.resume();
    request.on('end', () => response.writeHead(200, { 'content-type': 'application/json', 'content-length': ANSWER.length }).end(ANSWER));
  });
}

function bare() {
  const agent = new Agent({ keepAlive: true, noDelay: true });
  return createServer({ noDelay: true }, (request, response) => {
    const { method = 'GET', url = '/', headers } = request;
    const out = httpRequest({ agent, host: '127.0.0.1', port: Number(platform), method, path: url, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    out.on('error', () => response.destroy());
    request.pipe(out);
  });
}
