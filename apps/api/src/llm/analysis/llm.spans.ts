import { names, type SpanNotes, type SpanSpec } from '../../platform/index.js';
import type { LlmProvider } from '../provider/provider.repository.js';

/** `gen_ai.provider.name` as the semantic conventions have them; others by their kind. */
const providers: Partial<Record<LlmProvider['kind'], string>> = { google: 'gcp.gemini' };

/** A question to a model after the GenAI conventions: who, which model and how many tokens; neither prompt nor answer. */
export const chatSpan = (provider: LlmProvider, maxTokens: number): SpanSpec => ({
  name: `chat ${provider.model}`,
  kind: 'client',
  attributes: {
    [names.aiOperation]: 'chat',
    [names.aiProvider]: providers[provider.kind] ?? provider.kind,
    [names.aiModel]: provider.model,
    [names.aiMaxTokens]: maxTokens,
    'aiops.llm.provider': provider.name,
  },
});

interface Answer {
  usage: { inputTokens: number | undefined; outputTokens: number | undefined };
  finishReason: string;
  response: { id: string; modelId: string };
}

export function noteAnswer(span: SpanNotes, { usage, finishReason, response }: Answer): void {
  span.set({
    [names.aiAnswerModel]: response.modelId,
    [names.aiAnswerId]: response.id,
    [names.aiFinish]: [finishReason],
    [names.aiInputTokens]: usage.inputTokens,
    [names.aiOutputTokens]: usage.outputTokens,
  });
}
