import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { AuditController } from './audit.controller.js';
import { AuditEntryEntity } from './audit-entry.entity.js';
import { AuditLogRepository } from './audit-log.repository.js';
import { AuditLog } from './audit-log.service.js';
import { AuditVerifier } from './chain/audit-verifier.service.js';
import { AuditChainRepository } from './chain/chain.repository.js';
import { AuditReaderRepository } from './reading/audit-reader.repository.js';
import { AuditReader } from './reading/audit-reader.service.js';

/** Who did what to what, from where; and whether that is still what was written. */
@Module({
  imports: [TypeOrmModule.forFeature([AuditEntryEntity])],
  controllers: [AuditController],
  providers: [
    AuditLog,
    AuditLogRepository,
    AuditReader,
    AuditReaderRepository,
    AuditVerifier,
    AuditChainRepository,
  ],
  exports: [AuditLog, AuditVerifier],
})
export class AuditModule {}
