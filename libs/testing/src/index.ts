export { freePort } from './free-port.js';
export { startLlmServer, type LlmBehaviour, type LlmRequest, type LlmServer } from './llm-server.js';
export { sshdAvailable, startSshd, type Sshd } from './sshd.js';
export { createTestDatabase, type TestDatabase } from './postgres.js';
export { until } from './until.js';
