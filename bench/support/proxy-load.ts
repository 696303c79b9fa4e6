/**
 * Child process: calls sendMessage. Arguments: prefix of the path, port, connections, calls per second (0 = each connection as fast as
 * answered), seconds, warm-up seconds.
 */
import { load } from './load-lines.js';
import { PROXY_TOKEN } from './proxy-token.js';

const [prefix = '', ...numbers] = process.argv.slice(2);
const [port = 0, connections = 1, rate = 0, seconds = 1, warmUp = 0] = numbers.map(Number);
const BODY = JSON.stringify({ chat_id: -1001234567890, text: 'x'.repeat(200) });
const CALL = `POST ${prefix}/bot${PROXY_TOKEN}/sendMessage HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: ${BODY.length}\r\n\r\n${BODY}`;
/** The last characters of a whole answer. */
const END = Buffer.from('"}}');

await load({ port, connections, rate, seconds, warmUp, request: () => CALL, isLast: (chunk) => chunk.subarray(-END.length).equals(END) });
