import { Global, Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { BreakerLog } from './breaker-log.service.js';
import { BreakerController } from './breaker.controller.js';
import { BreakerEntity } from './breaker.entity.js';
import { Breakers } from './breaker.js';
import { BreakerReader } from './breaker.reader.js';
import { BreakerRepository } from './breaker.repository.js';

/** Circuit breakers around everything outside. */
@Global()
@Module({
  imports: [TypeOrmModule.forFeature([BreakerEntity])],
  controllers: [BreakerController],
  providers: [BreakerRepository, BreakerLog, Breakers, BreakerReader],
  exports: [Breakers, BreakerReader],
})
export class ResilienceModule {}
