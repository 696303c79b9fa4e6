import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/**
 * A Graph API server for tests, over real HTTP, as faithful as sending messages and fetching media need:
 *
 *   const graph = await fakeGraphApi({ token });       // graph.url goes into WHATSAPP_API_URL
 *   graph.setMedia('1234', bytes, 'image/jpeg');       // GET /v26.0/1234 tells its address, which wants the token too
 *   graph.failNext({ status: 500, body: '{}' });       // the next call, whatever it is
 *   graph.sent                                         // bodies of accepted sends, with `id`, the wamid answered
 */
export interface FakeGraphApi {
  readonly url: string;
  readonly sent: readonly Readonly<Record<string, unknown>>[];
  /** Path and query of every call. */
  readonly requests: readonly string[];
  setMedia(id: string, bytes: Uint8Array, type: string): void;
  failNext(fault: { readonly status: number; readonly body?: string }, times?: number): void;
  close(): Promise<void>;
}

export async function fakeGraphApi({ token }: { readonly token: string }): Promise<FakeGraphApi> {
  const sent: Record<string, unknown>[] = [];
  const requests: string[] = [];
  const media = new Map<string, { bytes: Uint8Array; type: string }>();
  const faults: { readonly status: number; readonly body?: string }[] = [];
  let serial = 1;
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const json = (status: number, body: object) =>
        void response.writeHead(status, { 'content-type': 'application/json', 'x-fb-trace-id': 't1' }).end(JSON.stringify(body));
      requests.push(request.url ?? '');
      const fault = faults.shift();
      if (fault) return void response.writeHead(fault.status).end(fault.body ?? '{}');
      const address = new URL(request.url ?? '/', 'http://graph');
      const given = /^Bearer (.+)$/.exec(request.headers.authorization ?? '')?.[1] ?? address.searchParams.get('access_token');
      if (given !== token) return json(401, { error: { message: 'Invalid OAuth access token.', type: 'OAuthException', code: 190 } });
      const [, kind, node = '', edge] = /^\/(v\d+\.\d+|bytes)\/(\d+)(?:\/(\w+))?$/.exec(address.pathname) ?? [];
      const file = media.get(node);
      if (kind === 'bytes' && file) return void response.writeHead(200, { 'content-type': file.type }).end(file.bytes);
      const { method = '', access_token: _token, ...params } = Object.fromEntries(address.searchParams);
      if ((method || request.method)?.toUpperCase() === 'POST' && edge === 'messages') {
        const text = Buffer.concat(chunks).toString();
        const body: Record<string, unknown> = { ...params, ...(text === '' ? {} : (JSON.parse(text) as object)) };
        if (body['status'] === 'read') return json(200, { success: true });
        const id = `wamid.fake${serial++}`;
        sent.push({ ...body, id });
        const to = String(body['to']);
        return json(200, { messaging_product: 'whatsapp', contacts: [{ input: to, wa_id: to.replace(/\D/g, '') }], messages: [{ id }] });
      }
      if (request.method === 'POST' && edge === 'media') return json(200, { id: '777' });
      if (request.method === 'GET' && file && edge === undefined) {
        return json(200, {
          messaging_product: 'whatsapp',
          url: `${url}/bytes/${node}`,
          mime_type: file.type,
          file_size: file.bytes.length,
          id: node,
        });
      }
      json(404, { error: { message: 'Unsupported get request.', type: 'GraphMethodException', code: 100 } });
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url,
    sent,
    requests,
    setMedia: (id, bytes, type) => void media.set(id, { bytes, type }),
    failNext: (fault, times = 1) => void faults.push(...Array.from({ length: times }, () => fault)),
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
