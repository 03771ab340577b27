import { Controller, Delete, HttpCode, Param } from '@nestjs/common';
import { idSchema } from '@aiops/contracts';
import { Allow, Describe } from '../../platform/index.js';
import { FactorService } from './factors.service.js';

@Controller('users')
export class UserFactorsController {
  constructor(private readonly factors: FactorService) {}

  @Describe('Takes the second factors from a user who lost them', null, {
    details:
      'Passkeys, the authenticator app and recovery codes; their sessions end. Ask who asks for it first.',
  })
  @Delete(':id/factors')
  @HttpCode(204)
  @Allow('admin', 'api')
  async reset(@Param('id', { schema: idSchema }) id: string): Promise<void> {
    await this.factors.reset(id);
  }
}
