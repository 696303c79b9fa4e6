/** No bot's. */
export const PROXY_TOKEN = '123456789:AAbench_token-of-no-bot-0123456789';
