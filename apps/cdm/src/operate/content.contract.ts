import { isUtf8 } from 'node:buffer';
import { ApiProperty } from '@nestjs/swagger';

/** Bytes of a message, which anybody may have chosen. */
export class Content {
  @ApiProperty({ type: 'integer' })
  bytes!: number;

  @ApiProperty({ type: String, nullable: true, description: 'null: the bytes are not UTF-8' })
  text!: string | null;

  @ApiProperty({ type: String, nullable: true, description: 'Where they are not UTF-8' })
  base64!: string | null;
}

export class MessageHeader {
  @ApiProperty({ type: Content })
  name!: Content;

  @ApiProperty({ type: Content, nullable: true })
  value!: Content | null;
}

export function contentOf(bytes: Buffer): Content {
  return isUtf8(bytes)
    ? { bytes: bytes.length, text: bytes.toString(), base64: null }
    : { bytes: bytes.length, text: null, base64: bytes.toString('base64') };
}

export function headersContent(headers: readonly (readonly [Buffer, Buffer | null])[]): MessageHeader[] {
  return headers.map(([name, value]) => ({ name: contentOf(name), value: value && contentOf(value) }));
}
