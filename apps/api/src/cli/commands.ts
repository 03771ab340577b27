import { auditVerify } from './audit-verify.command.js';
import type { Command } from './command.js';
import { keysList, keysRetire, keysRotate } from './keys.command.js';
import { secretsRewrap, secretsStatus } from './secrets.command.js';

/** All commands of `npm run aiops`, in the order in which the help lists them. */
export const commands: readonly Command[] = [
  auditVerify,
  keysList,
  keysRotate,
  keysRetire,
  secretsStatus,
  secretsRewrap,
];
