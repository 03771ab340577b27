import { Injectable } from '@nestjs/common';
import { RecommendationReader } from '../../llm/index.js';
import { BoundedLabels, Metrics } from '../../platform/index.js';
import { AlertRunsReader } from '../../runbook/index.js';
import { countAdoption } from './adoption.js';

const DAYS = 30;
const MOST = 5_000;
const PROVIDERS = 50;

/** Whether people and rules do what analyses recommend. */
@Injectable()
export class AdoptionMetrics {
  constructor(metrics: Metrics, recommendations: RecommendationReader, runs: AlertRunsReader) {
    const providers = new BoundedLabels(PROVIDERS);
    const gauges = {
      aiops_ai_recommendation_adoption: {
        help: `Alerts analysed in the last ${DAYS} days for which a runbook was recommended, by who recommended it last and what followed: adopted, waiting, rejected, other_runbook or none; of the newest ${MOST}.`,
        labels: ['provider', 'outcome'],
      },
    };
    metrics.databaseGauges('adoption', gauges, async () => {
      const recent = await recommendations.recent(DAYS, MOST);
      const counts = countAdoption(recent, await runs.forAlerts(recent.map(({ alertId }) => alertId)));
      return {
        aiops_ai_recommendation_adoption: counts.map(({ provider, outcome, count }) => ({
          labels: { provider: providers.of(provider), outcome },
          value: count,
        })),
      };
    });
  }
}
