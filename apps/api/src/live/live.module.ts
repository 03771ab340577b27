import { Global, Module } from '@nestjs/common';
import { AuthModule } from '../auth/index.js';
import { LiveGateway } from './live.gateway.js';

/** Live updates of the web app. */
@Global()
@Module({ imports: [AuthModule], providers: [LiveGateway], exports: [LiveGateway] })
export class LiveModule {}
