export { freePort } from './free-port.js';
export { startLlmServer, type LlmBehaviour, type LlmRequest, type LlmServer } from './llm-server.js';
export { sshdAvailable, startSshd, type Sshd, type SshdOptions } from './sshd.js';
export { generateSshKey, type SshKeyType } from './ssh-key.js';
export { whyNoThrowAwayUser } from './throw-away-user.js';
export { createTestDatabase, type TestDatabase } from './postgres.js';
export { until } from './until.js';
export { startHttpReceiver, type HttpReceiver, type ReceivedRequest } from './http-receiver.js';
export { startSmtpReceiver, type ReceivedMail, type SmtpReceiver } from './smtp-receiver.js';
