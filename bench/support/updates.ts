/** A Telegram update of about 350 bytes with a fixed length, so that a request is built by one concatenation. */
export function updateBody(serial: number): string {
  return (
    `{"update_id":${500_000_000 + serial},"message":{"message_id":${1_000_000 + serial},` +
    '"from":{"id":987654321,"is_bot":false,"first_name":"Ana","last_name":"Souza","username":"anasouza","language_code":"pt-br"},' +
    '"chat":{"id":-1001234567890,"title":"Comunidade de dados","type":"supergroup"},"date":1720000000,' +
    '"text":"Bom dia! Alguém sabe se o encontro de quinta foi confirmado? Posso levar o projetor."}}'
  );
}

export const BENCH_SECRET = 'bench_secret_0123456789';

/** The same update as a whole HTTP request. */
export function updateRequest(serial: number): string {
  const body = updateBody(serial);
  return (
    'POST /webhook/telegram HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n' +
    `X-Telegram-Bot-Api-Secret-Token: ${BENCH_SECRET}\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`
  );
}
