import { createAnthropic } from '@ai-sdk/anthropic';
import { createOpenAI } from '@ai-sdk/openai';
import { createOpenAICompatible } from '@ai-sdk/openai-compatible';
import type { LanguageModel } from 'ai';
import type { Outbound } from '../../platform/index.js';
import type { LlmProvider } from './provider.repository.js';

const OLLAMA_URL = 'http://127.0.0.1:11434/v1';
/** Google's OpenAI-compatible endpoint: https://ai.google.dev/gemini-api/docs/openai */
const GOOGLE_URL = 'https://generativelanguage.googleapis.com/v1beta/openai';

/** The AI SDK's model for a configured provider; its calls are made by `outbound`. */
export function languageModel(
  provider: LlmProvider,
  apiKey: string | undefined,
  { fetch }: Pick<Outbound, 'fetch'>,
): LanguageModel {
  const baseURL = provider.baseUrl ?? undefined;
  switch (provider.kind) {
    case 'anthropic':
      return createAnthropic({ baseURL, apiKey, fetch })(provider.model);
    case 'openai':
      return createOpenAI({ baseURL, apiKey, fetch })(provider.model);
    case 'openai_compatible':
    case 'ollama':
    case 'google':
      return createOpenAICompatible({
        name: provider.kind,
        baseURL: baseURL ?? (provider.kind === 'google' ? GOOGLE_URL : OLLAMA_URL),
        apiKey,
        fetch,
        // Ollama, vLLM, LM Studio and Google take `response_format: json_schema`; without it a model cannot know the form.
        supportsStructuredOutputs: true,
      })(provider.model);
  }
}
