import * as z from 'zod';

/** What a key may open: `read` single answers, `batch` many at once, `admin` what changes a service. None implies another. */
export const KeyScopeSchema = z.enum(['read', 'batch', 'admin']);
export type KeyScope = z.infer<typeof KeyScopeSchema>;

/** All scopes. */
export const KEY_SCOPES: readonly KeyScope[] = KeyScopeSchema.options;

/** One API key as it is stored: who it is for and what it may do, and of the key itself only the SHA-256. */
export const KeyRecordSchema = z.object({
  id: z.string().regex(/^[0-9a-f]{8}$/),
  name: z.string().min(1).max(60),
  scopes: z.array(KeyScopeSchema).min(1),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  created_at: z.iso.datetime(),
  revoked_at: z.iso.datetime().nullable(),
});
export type KeyRecord = z.infer<typeof KeyRecordSchema>;

/** `keys/keys.json`: all keys that were ever made, revoked ones too. */
export const KeyFileSchema = z.object({ keys: z.array(KeyRecordSchema) });
