import protobuf from 'protobufjs';

/** What a request of OTLP with spans holds, as opentelemetry-proto 1.x says it: of that what tests look at. */
const schema = /* proto */ `
  syntax = "proto3";
  message Request { repeated ResourceSpans resource_spans = 1; }
  message ResourceSpans { Resource resource = 1; repeated ScopeSpans scope_spans = 2; }
  message Resource { repeated KeyValue attributes = 1; }
  message ScopeSpans { repeated Span spans = 2; }
  message Span {
    bytes trace_id = 1;
    bytes span_id = 2;
    string trace_state = 3;
    bytes parent_span_id = 4;
    string name = 5;
    fixed64 start_time_unix_nano = 7;
    repeated KeyValue attributes = 9;
    repeated Event events = 11;
    repeated Link links = 13;
    Status status = 15;
  }
  message Event { string name = 2; repeated KeyValue attributes = 3; }
  message Link { bytes trace_id = 1; bytes span_id = 2; }
  message Status { int32 code = 3; }
  message KeyValue { string key = 1; AnyValue value = 2; }
  message AnyValue { oneof value { string string_value = 1; int64 int_value = 3; ArrayValue array_value = 5; } }
  message ArrayValue { repeated AnyValue values = 1; }
`;
const requestType = protobuf.parse(schema).root.lookupType('Request');

export interface OtlpValue {
  stringValue?: string;
  intValue?: string;
  arrayValue?: { values: OtlpValue[] };
}
export type OtlpAttributes = { key: string; value: OtlpValue }[];

export interface OtlpSpan {
  traceId: Buffer;
  spanId: Buffer;
  traceState: string;
  parentSpanId: Buffer;
  name: string;
  startTimeUnixNano: string;
  attributes: OtlpAttributes;
  events: { name: string; attributes: OtlpAttributes }[];
  links: { traceId: Buffer; spanId: Buffer }[];
  status: { code: number } | null;
}

export interface OtlpRequest {
  resourceSpans: { resource: { attributes: OtlpAttributes }; scopeSpans: { spans: OtlpSpan[] }[] }[];
}

/** @throws where the bytes are no request */
export function readOtlp(bytes: Buffer): OtlpRequest {
  const options = { longs: String, bytes: Buffer, arrays: true, defaults: true };
  return requestType.toObject(requestType.decode(bytes), options) as OtlpRequest;
}
