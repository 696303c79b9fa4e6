/** Settings that are secret on the receiving side: on AWS, parameters of the same name, and never in a function's environment. */
export const SECRETS = ['TELEGRAM_WEBHOOK_SECRET', 'WHATSAPP_APP_SECRET', 'WHATSAPP_VERIFY_TOKEN'] as const;
