import { Global, Module } from '@nestjs/common';
import { TerminusModule } from '@nestjs/terminus';
import { HealthChecks } from './health-checks.js';
import { HealthController } from './health.controller.js';
import { HealthService } from './health.service.js';
import { PlatformChecks } from './platform-checks.js';
import { Shutdown } from './shutdown.service.js';

/** How this instance is, and its way out. */
@Global()
@Module({
  // Its logger would tell of every failed probe; ours tells of changes.
  imports: [TerminusModule.forRoot({ logger: false })],
  controllers: [HealthController],
  providers: [HealthChecks, HealthService, PlatformChecks, Shutdown],
  exports: [HealthChecks, Shutdown],
})
export class HealthModule {}
