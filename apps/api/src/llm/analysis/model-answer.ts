import { z } from 'zod';
import type { AnalysisFacts, AnalysisResult } from './facts.js';

/** What a model has to answer. All keys are required, as strict structured output of the providers demands. */
export const modelAnswerSchema = z.object({
  summary: z.string().describe('Two or three sentences for the engineer on call'),
  root_cause: z.string().describe('The most likely cause, or that the facts do not tell'),
  impact: z.string().describe('Who or what is affected'),
  confidence: z.number().describe('From 0 to 1'),
  evidence: z.array(z.string()).describe('The facts relied on, one sentence each'),
  recommended_runbook: z.string().nullable().describe('Exact name of one of the listed runbooks, or null'),
  recommendation_reason: z.string().nullable().describe('Why that runbook'),
});
export type ModelAnswer = z.infer<typeof modelAnswerSchema>;

const TEXT_LIMIT = 4_000;
const clip = (text: string): string => text.slice(0, TEXT_LIMIT);

/** Takes a model's answer as data: bounded, and a recommendation only if that runbook exists. */
export function fromModelAnswer(answer: ModelAnswer, facts: AnalysisFacts): AnalysisResult {
  const known = facts.candidates.find((candidate) => candidate.name === answer.recommended_runbook);
  const invented =
    answer.recommended_runbook !== null && known === undefined
      ? [
          {
            kind: 'warning',
            text: `The model named a runbook that does not exist (“${clip(answer.recommended_runbook).slice(0, 100)}”); it was left out.`,
            ref: null,
          },
        ]
      : [];
  return {
    summary: clip(answer.summary),
    rootCause: clip(answer.root_cause),
    impact: clip(answer.impact),
    confidence: Math.min(1, Math.max(0, answer.confidence)),
    evidence: [
      ...answer.evidence.slice(0, 20).map((text) => ({ kind: 'model', text: clip(text), ref: null })),
      ...invented,
    ],
    recommendedRunbook:
      known === undefined
        ? null
        : {
            id: known.id,
            name: known.name,
            reason: clip(answer.recommendation_reason ?? 'Recommended by the model.'),
          },
  };
}
