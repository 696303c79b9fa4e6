/** Webhook fields of a WhatsApp Business Account (Cloud API, Graph v26). Unknown ones are kept and counted; see columns.ts. */
export const FIELDS = [
  'messages',
  'account_alerts',
  'account_review_update',
  'account_settings_update',
  'account_update',
  'automatic_events',
  'business_capability_update',
  'business_status_update',
  'calls',
  'flows',
  'group_lifecycle_update',
  'group_participants_update',
  'group_settings_update',
  'group_status_update',
  'history',
  'message_echoes',
  'message_template_components_update',
  'message_template_quality_update',
  'message_template_status_update',
  'messaging_handovers',
  'partner_solutions',
  'payment_configuration_update',
  'phone_number_name_update',
  'phone_number_quality_update',
  'security',
  'smb_app_state_sync',
  'smb_message_echoes',
  'template_category_update',
  'template_correct_category_detection',
  'tracking_events',
  'user_id_update',
  'user_preferences',
] as const;

/** Message types that hold a file. */
export const MEDIA_TYPES = ['image', 'video', 'audio', 'document', 'sticker'] as const;

/** Key of a raw line that holds what was sent through the Cloud API, in place of a webhook body: see outbound.ts. */
export const OUTBOUND = 'outbound';

/** Fields whose changes hold messages. */
export const MESSAGE_FIELDS = ['messages', 'message_echoes', 'smb_message_echoes', 'history', OUTBOUND] as const;

/** Key of a raw line that tells what became of a message's file: see media/. */
export const MEDIA = 'media';
