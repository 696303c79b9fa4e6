import { STATUS_CODES } from 'node:http';

/** Writes the heads of answers without a body, as `node:http` would; what is the same for a second is made once a second. */
export function answerHeads(): (status: number, headers: Readonly<Record<string, string>>, last: boolean) => string {
  let second = 0;
  let date = '';
  let ok = '';
  return (status, headers, last) => {
    const now = Math.floor(Date.now() / 1000);
    if (now !== second) {
      second = now;
      date = new Date(now * 1000).toUTCString();
      ok = head(200, {}, date, false);
    }
    return status === 200 && !last ? ok : head(status, headers, date, last);
  };
}

function head(status: number, headers: Readonly<Record<string, string>>, date: string, last: boolean): string {
  const fields = { ...headers, 'Content-Length': '0', Date: date, Connection: last ? 'close' : 'keep-alive' };
  const lines = Object.entries(fields).map(([name, value]) => `${name}: ${value}\r\n`);
  return `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}\r\n${lines.join('')}\r\n`;
}
