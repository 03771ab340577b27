import { Body, Controller, HttpCode, Post } from '@nestjs/common';
import type { z } from 'zod';
import { passwordChangeSchema } from '@aiops/contracts';
import { Allow, Describe, OwnOriginOnly, WithoutSecondFactor } from '../../platform/index.js';
import { WhilePasswordIsDue } from '../access/while-password-is-due.js';
import { CurrentSession, type SessionOfCaller } from '../session/current-session.js';
import { PasswordChange } from './password-change.service.js';

@Controller('auth')
export class PasswordController {
  constructor(private readonly passwords: PasswordChange) {}

  @Describe('Changes the password of whoever calls', null, {
    details: 'Every other session of theirs ends; the one that asks goes on.',
  })
  @Post('password')
  @HttpCode(204)
  @Allow('viewer', 'api')
  @WhilePasswordIsDue()
  @WithoutSecondFactor()
  @OwnOriginOnly()
  async change(
    @Body({ schema: passwordChangeSchema }) input: z.infer<typeof passwordChangeSchema>,
    @CurrentSession() caller: SessionOfCaller,
  ): Promise<void> {
    await this.passwords.change(caller, input.current_password, input.new_password);
  }
}
