import { AuditVerifier, parseAnchor } from '../platform/index.js';
import { exitCodes, type Command } from './command.js';

/** Whether the audit log is what was written: docs/audit-log.md. */
export const auditVerify: Command = {
  name: 'audit verify',
  summary: 'Checks that no entry of the audit log was changed or removed',
  options: { anchor: { type: 'string' } },
  details: `  --anchor <position:hash>  a point that an earlier run printed and that was kept elsewhere: with it a log
                            that was cut short or written anew as a whole is found too

Reads the whole log and changes nothing; the engine may run meanwhile.
Ends with 0 when all is right, else with 1 and the first entry that is wrong.`,
  prepare({ anchor: text }) {
    const anchor = typeof text === 'string' ? parseAnchor(text) : null;
    if (text !== undefined && anchor === null) {
      return { problem: '--anchor needs a point as an earlier run printed it: 1234:<64 hexadecimal digits>' };
    }
    return async ({ app, print, note }) => {
      const { reached, fault, durationMs } = await app
        .get(AuditVerifier)
        .verify(anchor, (position) => note(`${position} entries are right so far …`));
      if (fault === null) {
        print(`The audit log is whole: ${reached.position} entries in ${(durationMs / 1000).toFixed(1)} s.`);
        print(`Head: ${reached.position}:${reached.hash}`);
        return exitCodes.ok;
      }
      print(`The audit log is NOT what was written. ${fault.message}`);
      print(`First bad position: ${fault.position}`);
      print(`Right up to: ${reached.position}:${reached.hash}`);
      return exitCodes.failed;
    };
  },
};
