import { Controller, Delete, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import {
  kidSchema,
  type ListQuery,
  listQuerySchema,
  type PageDto,
  pageSchema,
  type SigningKeyDto,
  signingKeySchema,
} from '@aiops/contracts';
import { Allow, Describe, toSparsePage } from '../../platform/index.js';
import { signingKeyFields, toSigningKeyDto } from './signing-key.mapper.js';
import { SigningKeyService } from './signing-key.service.js';

@Controller('signing-keys')
export class SigningKeyController {
  constructor(private readonly keys: SigningKeyService) {}

  @Describe('Lists the keys whose access tokens are accepted', pageSchema(signingKeySchema))
  @Get()
  @Allow('admin')
  async list(@Query({ schema: listQuerySchema }) query: ListQuery): Promise<PageDto<SigningKeyDto>> {
    return toSparsePage(await this.keys.list(query), signingKeyFields, query);
  }

  @Describe(
    'Makes a new signing key; older ones are accepted until their last token has run out',
    signingKeySchema,
  )
  @Post('rotate')
  @HttpCode(200)
  @Allow('admin')
  async rotate(): Promise<SigningKeyDto> {
    return toSigningKeyDto(await this.keys.rotate());
  }

  @Describe('Retires a signing key at once: tokens that it signed are refused', null, {
    details: 'Nobody is signed out by it: the app gets a token of the new key with its next refresh.',
  })
  @Delete(':kid')
  @HttpCode(204)
  @Allow('admin')
  async retire(@Param('kid', { schema: kidSchema }) kid: string): Promise<void> {
    await this.keys.retire(kid);
  }
}
