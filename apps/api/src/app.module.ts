import { Module, type DynamicModule } from '@nestjs/common';
import { LoggerModule } from 'nestjs-pino';
import { AlertModule } from './alert/index.js';
import { AuthModule } from './auth/index.js';
import { ExecutorModule } from './executor/index.js';
import { LiveModule } from './live/index.js';
import { LlmModule } from './llm/index.js';
import { NotificationModule } from './notification/index.js';
import { type AppConfig, PlatformModule } from './platform/index.js';
import { RemediationModule } from './remediation/index.js';
import { RunbookModule } from './runbook/index.js';
import { loggerOptions } from './platform/observability/logger.js';

/** The table of contents. */
@Module({})
export class AppModule {
  static forConfig(config: AppConfig): DynamicModule {
    return {
      module: AppModule,
      imports: [
        LoggerModule.forRoot(loggerOptions(config)),
        PlatformModule.forConfig(config),
        AuthModule,
        LiveModule,
        AlertModule,
        ExecutorModule,
        RunbookModule,
        LlmModule,
        RemediationModule,
        NotificationModule,
      ],
    };
  }
}
