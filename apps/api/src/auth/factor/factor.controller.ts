import { Body, Controller, Delete, Get, Header, HttpCode, Param, Post, Req } from '@nestjs/common';
import type { z } from 'zod';
import {
  confirmInputSchema,
  type FactorAddedDto,
  factorAddedSchema,
  type FactorsDto,
  factorsSchema,
  idSchema,
  type PasskeyChallenge,
  passkeyChallengeSchema,
  passkeyInputSchema,
  type RecoveryCodesDto,
  recoveryCodesSchema,
  totpCodeSchema,
  type TotpSecretDto,
  totpSecretSchema,
} from '@aiops/contracts';
import type { FastifyRequest } from 'fastify';
import { Allow, Describe, WithoutSecondFactor } from '../../platform/index.js';
import { CurrentSession, type SessionOfCaller } from '../session/current-session.js';
import { toFactorsDto, toPasskeyChallenge } from './factor.mapper.js';
import { FactorService } from './factors.service.js';

@Controller('auth')
export class FactorController {
  constructor(private readonly factors: FactorService) {}

  @Describe('What whoever calls proves who they are with', factorsSchema)
  @Get('factors')
  @Allow('viewer', 'api')
  @WithoutSecondFactor()
  async read(@CurrentSession() caller: SessionOfCaller, @Req() request: FastifyRequest): Promise<FactorsDto> {
    return toFactorsDto(await this.factors.read(caller, request.host));
  }

  @Describe('Confirms with the password that it is you', null, {
    details: 'For ten minutes after that, or after signing in, factors can be changed.',
  })
  @Post('confirm')
  @HttpCode(204)
  @Allow('viewer', 'api')
  @WithoutSecondFactor()
  async confirm(
    @CurrentSession() caller: SessionOfCaller,
    @Body({ schema: confirmInputSchema }) { password }: z.infer<typeof confirmInputSchema>,
  ): Promise<void> {
    await this.factors.confirm(caller, password);
  }

  @Describe('Makes a secret for an authenticator app', totpSecretSchema, {
    details:
      'It counts once `POST /auth/factors/totp/confirm` has seen a code of it. Until then this makes another one.',
  })
  @Post('factors/totp')
  @HttpCode(200)
  @Header('Cache-Control', 'no-store')
  @Allow('viewer', 'api')
  @WithoutSecondFactor()
  enrolTotp(@CurrentSession() caller: SessionOfCaller): Promise<TotpSecretDto> {
    return this.factors.enrolTotp(caller);
  }

  @Describe('Sets up the authenticator app, with a code that it shows', factorAddedSchema)
  @Post('factors/totp/confirm')
  @HttpCode(200)
  @Header('Cache-Control', 'no-store')
  @Allow('viewer', 'api')
  @WithoutSecondFactor()
  async confirmTotp(
    @CurrentSession() caller: SessionOfCaller,
    @Body({ schema: totpCodeSchema }) { code }: z.infer<typeof totpCodeSchema>,
  ): Promise<FactorAddedDto> {
    return { recovery_codes: await this.factors.confirmTotp(caller, code) };
  }

  @Describe('Removes the authenticator app', null)
  @Delete('factors/totp')
  @HttpCode(204)
  @Allow('viewer', 'api')
  async removeTotp(@CurrentSession() caller: SessionOfCaller): Promise<void> {
    await this.factors.removeTotp(caller);
  }

  @Describe('Begins to make a passkey', passkeyChallengeSchema, {
    details:
      'Give `options` to `navigator.credentials.create`, and what comes of it to `POST /auth/factors/passkeys`.',
  })
  @Post('factors/passkeys/options')
  @HttpCode(200)
  @Allow('viewer', 'api')
  @WithoutSecondFactor()
  async passkeyOptions(
    @CurrentSession() caller: SessionOfCaller,
    @Req() request: FastifyRequest,
  ): Promise<PasskeyChallenge> {
    return toPasskeyChallenge(await this.factors.beginPasskey(caller, request.host));
  }

  @Describe('Adds a passkey', factorAddedSchema)
  @Post('factors/passkeys')
  @Header('Cache-Control', 'no-store')
  @Allow('viewer', 'api')
  @WithoutSecondFactor()
  async addPasskey(
    @CurrentSession() caller: SessionOfCaller,
    @Body({ schema: passkeyInputSchema }) input: z.infer<typeof passkeyInputSchema>,
    @Req() request: FastifyRequest,
  ): Promise<FactorAddedDto> {
    const { token, name, passkey: response } = input;
    return { recovery_codes: await this.factors.addPasskey(caller, { token, name, response }, request.host) };
  }

  @Describe('Removes a passkey', null)
  @Delete('factors/passkeys/:id')
  @HttpCode(204)
  @Allow('viewer', 'api')
  async removePasskey(
    @CurrentSession() caller: SessionOfCaller,
    @Param('id', { schema: idSchema }) id: string,
  ): Promise<void> {
    await this.factors.removePasskey(caller, id);
  }

  @Describe('Makes new recovery codes; the old ones are good no more', recoveryCodesSchema)
  @Post('factors/recovery-codes')
  @HttpCode(200)
  @Header('Cache-Control', 'no-store')
  @Allow('viewer', 'api')
  async makeCodes(@CurrentSession() caller: SessionOfCaller): Promise<RecoveryCodesDto> {
    return { recovery_codes: await this.factors.makeCodes(caller) };
  }
}
