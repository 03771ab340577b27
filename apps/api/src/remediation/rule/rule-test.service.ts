import { Injectable } from '@nestjs/common';
import type { Matcher, RuleTestResult } from '@aiops/contracts';
import { AlertReader } from '../../alert/index.js';
import { Clock } from '../../platform/index.js';
import { RunbookReader } from '../../runbook/index.js';
import { judgeTriggers } from '../decision/trigger-verdict.js';
import { matchersHold, matchSubject, showMatcher } from './matchers.js';
import { checkMatchers } from './rule.service.js';

/** Tries a rule on stored alerts before it is switched on; changes nothing. */
@Injectable()
export class RuleTestService {
  constructor(
    private readonly alerts: AlertReader,
    private readonly runbooks: RunbookReader,
    private readonly clock: Clock,
  ) {}

  async test(request: {
    matchers: Matcher[];
    runbook_id?: string | null;
    limit: number;
  }): Promise<RuleTestResult> {
    checkMatchers(request.matchers);
    const alerts = await this.alerts.newest(request.limit);
    const runbook = request.runbook_id ? await this.runbooks.get(request.runbook_id) : null;
    const matching = alerts.filter((alert) => matchersHold(request.matchers, matchSubject(alert)));
    return {
      tested: alerts.length,
      matched: matching.map((alert) => {
        const verdict = runbook === null ? null : judgeTriggers(runbook.runbook, alert, this.clock.now());
        return {
          alert_id: alert.id,
          alert_name: alert.alertName,
          fingerprint: alert.fingerprint,
          starts_at: alert.startsAt.toISOString(),
          trigger_matches: verdict === null ? null : verdict.matches,
          reasons: [
            ...request.matchers.map((matcher) => `${showMatcher(matcher)} holds`),
            ...(verdict?.reasons ?? []),
          ],
        };
      }),
    };
  }
}
