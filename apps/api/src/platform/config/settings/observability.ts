import { z } from 'zod';
import { settingDocs } from '../setting.js';

const logLevels = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;

export const observabilitySettings = {
  LOG_LEVEL: z.enum(logLevels).optional().register(settingDocs, {
    section: 'Observability',
    about: 'The least severe event that is logged.',
    otherwise: '`warn` in test, `info` elsewhere',
  }),
  LOG_FORMAT: z.enum(['json', 'pretty']).optional().register(settingDocs, {
    section: 'Observability',
    about: 'One JSON object a line for machines, or lines in colour for people.',
    otherwise: '`pretty` in development on a terminal, `json` elsewhere',
  }),
  METRICS_TOKEN: z.string().min(16, 'must have 16 characters or more').optional().register(settingDocs, {
    section: 'Observability',
    about: 'Bearer token that whoever reads `/metrics` has to send.',
    form: '16 characters or more',
    otherwise: 'none: whoever reaches the port may read them',
    secret: 'one',
  }),
};
