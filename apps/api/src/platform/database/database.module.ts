import { Module } from '@nestjs/common';
import { getDataSourceToken, TypeOrmModule } from '@nestjs/typeorm';
import { ClsPluginTransactional } from '@nestjs-cls/transactional';
import { TransactionalAdapterTypeOrm } from '@nestjs-cls/transactional-adapter-typeorm';
import { ClsModule } from 'nestjs-cls';
import { AppConfig } from '../config/config.js';
import { clientFor } from '../observability/query-spans.js';
import { Tracing } from '../observability/tracing.service.js';
import { dataSourceOptions } from './data-source.js';
import { withoutRequestEnhancers } from './without-request-enhancers.js';

/** The database connection, and transactions that span repositories (`@Transactional()`). */
@Module({
  imports: [
    TypeOrmModule.forRootAsync({
      inject: [AppConfig, Tracing],
      useFactory: (config: AppConfig, tracing: Tracing) => ({
        ...dataSourceOptions(config.databaseUrl, config.settings, { Client: clientFor(config, tracing) }),
        autoLoadEntities: true,
        retryAttempts: 3,
      }),
    }),
    withoutRequestEnhancers(
      ClsModule.forRoot({
        global: true,
        middleware: { mount: false },
        plugins: [
          new ClsPluginTransactional({
            imports: [TypeOrmModule],
            adapter: new TransactionalAdapterTypeOrm({ dataSourceToken: getDataSourceToken() }),
          }),
        ],
      }),
    ),
  ],
})
export class DatabaseModule {}
