import { Global, Module, type DynamicModule } from '@nestjs/common';
import { AuditModule } from './audit/audit.module.js';
import { Clock } from './clock.js';
import { AppConfig } from './config/config.js';
import { DatabaseModule } from './database/database.module.js';
import { DatabaseSession } from './database/database-session.js';
import { Lists } from './database/lists.js';
import { CommandLineEvents } from './events/command-line-events.service.js';
import { EventBus } from './events/event-bus.service.js';
import { CallContext } from './http/call-context.js';
import { Tracing } from './observability/tracing.service.js';
import { Rewrapper } from './secrets/rewrap/rewrapper.service.js';
import { SealedRowsRepository } from './secrets/rewrap/sealed-rows.repository.js';
import { SecretBox } from './secrets/secret-box.js';

/**
 * What commands of the command line stand on: settings, database, audit log and the box of secrets. None of what makes an
 * engine: no jobs and no requests, so that a command beside a running engine takes nothing from it; of events only what
 * tells the engine to look anew.
 */
@Global()
@Module({})
export class CommandLineModule {
  static forConfig(config: AppConfig): DynamicModule {
    const settings = { provide: AppConfig, useValue: config };
    // A command is no part of anybody's trace.
    const tracing = { provide: Tracing, useFactory: () => new Tracing(null, () => false) };
    const events = { provide: EventBus, useClass: CommandLineEvents };
    const shared = [settings, tracing, events, Clock, CallContext, DatabaseSession, Lists, SecretBox];
    return {
      module: CommandLineModule,
      global: true,
      imports: [DatabaseModule, AuditModule],
      providers: [...shared, SealedRowsRepository, Rewrapper],
      exports: [...shared, AuditModule, Rewrapper],
    };
  }
}
