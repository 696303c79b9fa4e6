/** Child process: sends updates. Arguments: port, connections, seconds, warm-up seconds, requests per second (0 = each connection as fast as answered). */
import { load } from './load-lines.js';
import { updateRequest } from './updates.js';

const [port = 0, connections = 1, seconds = 1, warmUp = 0, rate = 0] = process.argv.slice(2).map(Number);
let serial = 0;
await load({ port, connections, rate, seconds, warmUp, request: () => updateRequest(serial++) });
