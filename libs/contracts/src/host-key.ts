import { z } from 'zod';
import { idSchema, timestampSchema } from './common.js';

export const hostKeySchema = z
  .object({
    id: idSchema,
    target_id: idSchema,
    /** e.g. `ssh-ed25519`; null for a fingerprint that was pinned alone, until a key answers with it. */
    algorithm: z.string().nullable(),
    /** OpenSSH's form: `SHA256:` and unpadded base64. */
    fingerprint: z.string(),
    /** The picture that `ssh-keygen -lv` draws of it. */
    randomart: z.string(),
    /** As in a `.pub` file; null as long as the fingerprint alone is known. */
    public_key: z.string().nullable(),
    /** `certified`: an authority vouched for it when it was last shown; a person never accepted it. */
    status: z.enum(['pending', 'accepted', 'revoked', 'certified']),
    /** Whether the host showed it first, a person pinned it, or it came with a known_hosts file. */
    origin: z.enum(['seen', 'pinned', 'imported']),
    /** The certificate that it came in the last time it was shown. */
    certificate: z
      .object({
        authority: z.string().describe('Fingerprint of the authority’s key'),
        key_id: z.string(),
        serial: z.string(),
        principals: z.array(z.string()),
        valid_after: timestampSchema.nullable(),
        valid_before: timestampSchema.nullable(),
      })
      .nullable(),
    /** Null as long as the host has not shown it. */
    first_seen_at: timestampSchema.nullable(),
    last_seen_at: timestampSchema.nullable(),
    accepted_by: z.string().nullable(),
    accepted_at: timestampSchema.nullable(),
    revoked_by: z.string().nullable(),
    revoked_at: timestampSchema.nullable(),
    created_at: timestampSchema,
  })
  .meta({ id: 'HostKey' });
export type HostKeyDto = z.infer<typeof hostKeySchema>;

export const hostKeyPinSchema = z.strictObject({
  key: z
    .string()
    .min(1)
    .max(20_000)
    .describe(
      'A public key line, a fingerprint (`SHA256:…`), what `ssh-keygen -l` prints, or a line of known_hosts',
    )
    .meta({ examples: ['SHA256:X8YxCCRiG8vrLIcSzyO8pWHKtB4u6tXzj5w76hfWRBo'] }),
});
export type HostKeyPin = z.infer<typeof hostKeyPinSchema>;

const hostsSchema = z
  .string()
  .min(1)
  .max(1000)
  .regex(/^[\x21-\x7e]+$/, 'Host patterns with commas between and no spaces, e.g. *.example.com,10.0.0.*');

export const knownHostRuleInputSchema = z.strictObject({
  kind: z.enum(['certificate_authority', 'revoked']),
  hosts: hostsSchema.meta({ examples: ['*.example.com'] }),
  public_key: z
    .string()
    .min(1)
    .max(20_000)
    .meta({
      examples: ['ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGITOChcOPzlU9Pz9r8C82qFnLUcm2wqam0KLaNKFqBB ca'],
    }),
});
export type KnownHostRuleInput = z.infer<typeof knownHostRuleInputSchema>;

/** What a line of known_hosts with a marker says; it holds for targets that are made later too. */
export const knownHostRuleSchema = z
  .object({
    id: idSchema,
    /** `@cert-authority`: host certificates by this key are trusted. `@revoked`: this key, or certificates by it, never. */
    kind: z.enum(['certificate_authority', 'revoked']),
    hosts: z.string(),
    algorithm: z.string(),
    fingerprint: z.string(),
    public_key: z.string(),
    comment: z.string(),
    created_by: z.string(),
    created_at: timestampSchema,
  })
  .meta({ id: 'KnownHostRule' });
export type KnownHostRuleDto = z.infer<typeof knownHostRuleSchema>;

export const knownHostsImportSchema = z.strictObject({
  content: z
    .string()
    .min(1)
    .max(900_000)
    .describe('A known_hosts file')
    .meta({
      examples: [
        'web-1.example ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGITOChcOPzlU9Pz9r8C82qFnLUcm2wqam0KLaNKFqBB',
      ],
    }),
});
export type KnownHostsImport = z.infer<typeof knownHostsImportSchema>;

export const knownHostsActionSchema = z.enum([
  /** Trusted on the targets that are named. */
  'pin',
  'trust_authority',
  'revoke',
  /** All of it is so already. */
  'unchanged',
  /** Names no target. */
  'unmatched',
  /** It could be read, and is not done. */
  'refused',
  'invalid',
  /** A comment or an empty line. */
  'ignored',
]);
export type KnownHostsAction = z.infer<typeof knownHostsActionSchema>;

/** What an import does or did, line by line. */
export const knownHostsPlanSchema = z
  .object({
    /** Lines by action; actions that do not occur are 0. */
    counts: z.object({
      pin: z.number().int(),
      trust_authority: z.number().int(),
      revoke: z.number().int(),
      unchanged: z.number().int(),
      unmatched: z.number().int(),
      refused: z.number().int(),
      invalid: z.number().int(),
      ignored: z.number().int(),
    } satisfies Record<KnownHostsAction, z.ZodNumber>),
    lines: z.array(
      z.object({
        line: z.number().int(),
        text: z.string(),
        action: knownHostsActionSchema,
        message: z.string(),
        fingerprint: z.string().nullable(),
        targets: z.array(
          z.object({
            id: idSchema,
            name: z.string(),
            effect: z.enum(['pin', 'trust', 'revoke', 'unchanged', 'refused']),
          }),
        ),
      }),
    ),
  })
  .meta({ id: 'KnownHostsPlan' });
export type KnownHostsPlanDto = z.infer<typeof knownHostsPlanSchema>;
