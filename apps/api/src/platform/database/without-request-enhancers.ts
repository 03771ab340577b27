import type { DynamicModule, ModuleMetadata, Provider } from '@nestjs/common';
import { APP_GUARD, APP_INTERCEPTOR } from '@nestjs/core';

/**
 * A library's module without the guards and interceptors that it would run on every request. `ClsModule` registers one
 * of each even when it is told to mount none, and an interceptor that does nothing still sends each answer through an
 * Observable: about a seventh of what taking an alert costs the engine.
 */
export function withoutRequestEnhancers(module: DynamicModule): DynamicModule {
  return {
    ...module,
    providers: module.providers?.filter((provider) => !isRequestEnhancer(provider)),
    imports: module.imports?.map((imported) =>
      isDynamic(imported) ? withoutRequestEnhancers(imported) : imported,
    ),
  };
}

type Import = NonNullable<ModuleMetadata['imports']>[number];

const isDynamic = (imported: Import): imported is DynamicModule => 'module' in imported;

const isRequestEnhancer = (provider: Provider): boolean =>
  'provide' in provider && (provider.provide === APP_GUARD || provider.provide === APP_INTERCEPTOR);
