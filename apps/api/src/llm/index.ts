export { analysisFields, toAnalysisDto } from './analysis/analysis.mapper.js';
export type { Analysis } from './analysis/analysis.repository.js';
export { AnalysisService } from './analysis/analysis.service.js';
export { RecommendationReader, type Recommendation } from './analysis/recommendation.reader.js';
export type { AnalysisFacts, AnalysisResult } from './analysis/facts.js';
export { LlmModule } from './llm.module.js';
export { providerKeysAtRest } from './provider/provider.service.js';
