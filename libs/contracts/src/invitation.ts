import { z } from 'zod';
import { passwordSchema, usernameSchema } from './auth.js';
import { idSchema, roleSchema, timestampSchema } from './common.js';

/** What a link is for: to become a user, or to choose another password. */
export const invitationKindSchema = z.enum(['invitation', 'password_reset']);
export type InvitationKind = z.infer<typeof invitationKindSchema>;
export const invitationStateSchema = z.enum(['open', 'expired', 'accepted', 'revoked']);
export type InvitationState = z.infer<typeof invitationStateSchema>;

export const invitationInputSchema = z.strictObject({
  username: usernameSchema,
  display_name: z.string().max(200).optional(),
  role: roleSchema,
  email: z.email().max(320).nullable().default(null).describe('Where the link is sent, if mail can be sent'),
});
export const passwordResetInputSchema = z.strictObject({
  email: z.email().max(320).nullable().default(null).describe('Where the link is sent, if mail can be sent'),
});

export const invitationSchema = z
  .object({
    id: idSchema,
    kind: invitationKindSchema,
    username: z.string(),
    display_name: z.string(),
    role: roleSchema,
    email: z.string().nullable(),
    state: invitationStateSchema,
    created_by: z.string(),
    created_at: timestampSchema,
    expires_at: timestampSchema,
    sent_at: timestampSchema.nullable().describe('When a mail server took the link'),
    accepted_at: timestampSchema.nullable(),
  })
  .meta({ id: 'Invitation' });
export type InvitationDto = z.infer<typeof invitationSchema>;

/** The link is in this answer alone. */
export const invitationCreatedSchema = invitationSchema
  .extend({
    link: z.string().describe('Good once; without `PUBLIC_URL` it begins with the path'),
    sending: z
      .object({ sent: z.boolean(), detail: z.string().describe('In words for a person') })
      .describe('Whether a mail server took the link'),
  })
  .meta({ id: 'InvitationCreated' });
export type InvitationCreatedDto = z.infer<typeof invitationCreatedSchema>;

const tokenSchema = z.string().min(1).max(200);
export const invitationTokenSchema = z.strictObject({ token: tokenSchema });
/** What whoever has the link may know of it. */
export const invitationPreviewSchema = invitationSchema
  .pick({ kind: true, username: true, display_name: true, role: true, expires_at: true })
  .meta({ id: 'InvitationPreview' });
export type InvitationPreviewDto = z.infer<typeof invitationPreviewSchema>;

export const invitationAcceptSchema = z.strictObject({
  token: tokenSchema,
  password: passwordSchema,
  display_name: z.string().max(200).optional(),
});
