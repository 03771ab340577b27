import { randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { AnalysisHop } from '@aiops/contracts';
import { generateText, Output } from 'ai';
import {
  AppConfig,
  AuditLog,
  Breakers,
  inSpan,
  Outbound,
  retrying,
  retryPolicy,
} from '../../platform/index.js';
import { breakerName } from '../provider/breaker-name.js';
import { languageModel } from '../provider/language-model.js';
import type { LlmProvider } from '../provider/provider.repository.js';
import { auditedProvider, LlmProviderService } from '../provider/provider.service.js';
import type { AnalysisFacts, AnalysisResult } from './facts.js';
import { askedWaitMs, hopOutcome, mayPass } from './hop-outcome.js';
import { chatSpan, noteAnswer } from './llm.spans.js';
import { fromModelAnswer, modelAnswerSchema } from './model-answer.js';
import { factsPrompt, instructions } from './prompt.js';
import { templateAnalysis } from './template-analysis.js';

const MAX_OUTPUT_TOKENS = 2_000;
const MAX_TRIAL_TOKENS = 200;

/** An analysis and the way to it. */
export interface ChainResult {
  provider: string;
  model: string | null;
  result: AnalysisResult;
  hops: AnalysisHop[];
}

/** Asks the providers one after the other until one answers; the last hop is the template, which always does. */
@Injectable()
export class ProviderChain {
  constructor(
    private readonly providers: LlmProviderService,
    private readonly breakers: Breakers,
    private readonly config: AppConfig,
    private readonly audit: AuditLog,
    private readonly outbound: Outbound,
  ) {}

  async analyze(facts: AnalysisFacts, signal: AbortSignal): Promise<ChainResult> {
    const hops: AnalysisHop[] = [];
    for (const provider of await this.providers.enabled()) {
      const started = performance.now();
      const done = (rest: Pick<AnalysisHop, 'outcome' | 'detail'>): AnalysisHop => ({
        provider: provider.name,
        model: provider.model,
        duration_ms: Math.round(performance.now() - started),
        ...rest,
      });
      try {
        const result = await this.guarded(provider, facts, signal);
        hops.push(done({ outcome: 'ok', detail: null }));
        return { provider: provider.name, model: provider.model, result, hops };
      } catch (error) {
        signal.throwIfAborted();
        hops.push(done(hopOutcome(error, provider.timeoutMs)));
      }
    }
    const started = performance.now();
    const result = templateAnalysis(facts);
    const duration = Math.round(performance.now() - started);
    hops.push({ provider: 'template', model: null, outcome: 'ok', detail: null, duration_ms: duration });
    return { provider: 'template', model: null, result, hops };
  }

  /** An answer that our side gives up says nothing about the provider. */
  private guarded(
    provider: LlmProvider,
    facts: AnalysisFacts,
    cancelled: AbortSignal,
  ): Promise<AnalysisResult> {
    const signal = AbortSignal.any([cancelled, AbortSignal.timeout(provider.timeoutMs)]);
    const policy = {
      ...retryPolicy(this.config.settings),
      safe: true,
      signal,
      mayPass,
      askedWaitMs,
    } as const;
    const ask = () => retrying(policy, () => this.ask(provider, facts, signal));
    return this.breakers.run(breakerName(provider), ask, { counts: () => !cancelled.aborted });
  }

  /** One small request, for the test button; does not count for the breaker. */
  async probe(provider: LlmProvider): Promise<AnalysisHop> {
    const hop = await this.askOnce(provider);
    await this.audit.recordApart({
      action: 'llm_provider.tested',
      ...auditedProvider.of(provider),
      outcome: hop.outcome === 'ok' ? 'succeeded' : 'failed',
      reason: hop.outcome === 'ok' ? null : hop.detail,
    });
    return hop;
  }

  private async askOnce(provider: LlmProvider): Promise<AnalysisHop> {
    const started = performance.now();
    const hop = (rest: Pick<AnalysisHop, 'outcome' | 'detail'>): AnalysisHop => ({
      provider: provider.name,
      model: provider.model,
      duration_ms: Math.round(performance.now() - started),
      ...rest,
    });
    try {
      const text = await inSpan(chatSpan(provider, MAX_TRIAL_TOKENS), async (span) => {
        const answer = await generateText({
          model: languageModel(provider, this.providers.apiKey(provider), this.outbound),
          prompt: 'Answer with the single word: ready',
          maxOutputTokens: MAX_TRIAL_TOKENS,
          maxRetries: 0,
          abortSignal: AbortSignal.timeout(provider.timeoutMs),
        });
        noteAnswer(span, answer);
        return answer.text;
      });
      return hop({ outcome: 'ok', detail: text.trim().slice(0, 200) });
    } catch (error) {
      return hop(hopOutcome(error, provider.timeoutMs));
    }
  }

  private ask(provider: LlmProvider, facts: AnalysisFacts, signal: AbortSignal): Promise<AnalysisResult> {
    return inSpan(chatSpan(provider, MAX_OUTPUT_TOKENS), async (span) => {
      const answer = await generateText({
        model: languageModel(provider, this.providers.apiKey(provider), this.outbound),
        instructions,
        prompt: factsPrompt(facts, randomBytes(12).toString('hex')),
        output: Output.object({ schema: modelAnswerSchema, name: 'alert_analysis' }),
        maxOutputTokens: MAX_OUTPUT_TOKENS,
        maxRetries: 0,
        abortSignal: signal,
      });
      noteAnswer(span, answer);
      return fromModelAnswer(answer.output, facts);
    });
  }
}
