import { Controller, Get, Injectable, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { thing } from '@app/kafka/thing';

@Injectable()
class S { x = thing; }

@Controller()
class C {
  constructor(private readonly s: S) {}
  @Get() get() { return this.s.x; }
}

@Module({ controllers: [C], providers: [S] })
class M {}

const app = await NestFactory.create(M);
await app.init();
console.log(app.get(C).get());
await app.close();
