export { LiveAdapter } from './live.adapter.js';
export { LiveGateway } from './live.gateway.js';
export { LiveModule } from './live.module.js';
