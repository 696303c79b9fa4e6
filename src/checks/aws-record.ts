import { z } from 'zod';

/** What a deployment says of itself in the parameter `/<name>/stack`: the names of what was deployed, and no secret. */
export const STACK_RECORD = z.object({
  raw: z.string(),
  enriched: z.string(),
  timezone: z.string(),
  /** Prefix of the parameters that hold the secrets. */
  secrets: z.string(),
  /** Addresses of the queues. */
  queue: z.string(),
  dead: z.string(),
  /** ARN of the state machine. */
  machine: z.string(),
  /** As deployed; a rate has no time zone. */
  schedules: z.array(z.object({ name: z.string(), expression: z.string(), timezone: z.string().optional() })),
  database: z.string(),
  workgroup: z.string(),
  /** Address of the HTTP API. */
  api: z.string(),
});

export type StackRecord = z.infer<typeof STACK_RECORD>;
