import { z } from 'zod';
import { APPROVAL_MODES, PARAMETER_TYPES } from '../model/runbook.js';
import {
  duration,
  flag,
  identifier,
  labelValues,
  nonEmptyText,
  scalar,
  text,
  whole,
} from './common.schema.js';
import { stepSchema, verificationSchema } from './step.schema.js';

export const triggerSchema = z
  .strictObject({
    alert_name: nonEmptyText
      .optional()
      .describe('Exact name, or a glob with * and ?, always over the whole name. Default *.'),
    labels: labelValues
      .optional()
      .describe('Every pair must match; values are exact or globs as in alert_name.'),
    min_duration: duration.optional().describe('The alert has fired at least this long. Default 0s.'),
    min_occurrences: whole(1, 1_000_000)
      .optional()
      .describe('The alert came at least this often. Default 1.'),
  })
  .meta({ id: 'trigger' });

const limit = z.union([z.number(), z.string()], 'must be a number, or a duration for the type duration');

export const parameterSchema = z
  .strictObject({
    name: identifier.describe('Used as parameters.<name>.'),
    description: text.optional().describe('Shown to whoever fills it in.'),
    type: z.enum(PARAMETER_TYPES).optional().describe('Default string.'),
    required: flag.optional().describe('Without a value nothing starts. Default false.'),
    default: scalar.optional().describe('Used when no value is given and from yields none.'),
    from: nonEmptyText
      .optional()
      .describe('Template that supplies the value, such as "{{ labels.service }}".'),
    pattern: nonEmptyText
      .optional()
      .describe('Regular expression (RE2) that matches the whole value; for strings.'),
    minimum: limit.optional().describe('Smallest value; for integer, number and duration.'),
    maximum: limit.optional().describe('Largest value; for integer, number and duration.'),
    values: z.array(nonEmptyText).optional().describe('The choices; for enum.'),
  })
  .meta({ id: 'parameter' });

export const targetsSchema = z
  .strictObject({
    names: z.array(nonEmptyText).min(1, 'must have an entry').optional().describe('Targets by name.'),
    labels: labelValues.optional().describe('Targets that have all these labels; values are exact or globs.'),
    from_label: nonEmptyText
      .optional()
      .describe('The label of the alert whose value names the target; a port in it is ignored.'),
    strategy: z
      .strictObject({
        batch: whole(1, 1000)
          .optional()
          .describe('How many targets at once. Default 1: one after the other.'),
        max_failures: whole(0, 1000)
          .optional()
          .describe('No further target is started after more failures than this. Default 0.'),
      })
      .optional()
      .describe('How several targets are worked through.'),
  })
  .describe('Where the runbook runs: one of names, labels or from_label.');

export const safetySchema = z
  .strictObject({
    approval: z
      .enum(APPROVAL_MODES)
      .optional()
      .describe('required: a person approves every execution. by_rule (default): the rule decides. never.'),
    approval_expires: duration
      .optional()
      .describe('An execution that waits longer is rejected. Default 30m.'),
    cooldown: duration
      .optional()
      .describe('Least time between two executions on the same target. Default 0s: none.'),
    max_per_hour: whole(1, 10_000)
      .optional()
      .describe('Most executions of this runbook in an hour. Default: no limit.'),
    idempotent: flag.optional().describe('Default of idempotent for the steps. Default false.'),
  })
  .describe('What keeps the runbook from doing harm.');

const stepList = z.array(stepSchema).max(200, 'has at most 200 entries');

export const runbookSchema = z.strictObject({
  name: text
    .max(100, 'has at most 100 characters')
    .regex(
      /^[a-z0-9]+(?:-[a-z0-9]+)*$/,
      'must be kebab-case: lower-case letters, digits and single hyphens, such as restart-service',
    )
    .describe('Unique name in kebab-case.'),
  description: text.optional().describe('What the runbook does and when it helps.'),
  category: nonEmptyText.optional().describe('Group in lists and metrics, such as service-recovery.'),
  tags: z.array(nonEmptyText).optional().describe('Words to find the runbook by.'),
  trigger: triggerSchema.optional().describe('The alert this runbook is for.'),
  triggers: z.array(triggerSchema).optional().describe('Several triggers; one that matches is enough.'),
  parameters: z.array(parameterSchema).optional().describe('Values the runbook works with.'),
  targets: targetsSchema.optional(),
  safety: safetySchema.optional(),
  steps: stepList.min(1, 'must have at least one step').describe('What is done, in order.'),
  rollback: stepList
    .optional()
    .describe('What undoes it, run in order when a step says so or verification fails.'),
  verify: z.array(verificationSchema).optional().describe('What proves the fix.'),
});

export type RunbookInput = z.input<typeof runbookSchema>;
export type TriggerInput = z.input<typeof triggerSchema>;
export type ParameterInput = z.input<typeof parameterSchema>;
export type TargetsInput = z.input<typeof targetsSchema>;
