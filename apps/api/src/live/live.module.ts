import { Global, Module } from '@nestjs/common';
import { AuthModule } from '../auth/index.js';
import { BreakerLive } from './breaker.live.js';
import { LiveGateway } from './live.gateway.js';
import { LiveMetrics } from './live.metrics.js';

/** Live updates of the web app. */
@Global()
@Module({ imports: [AuthModule], providers: [LiveGateway, BreakerLive, LiveMetrics], exports: [LiveGateway] })
export class LiveModule {}
