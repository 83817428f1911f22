import { Ajv, type ValidateFunction } from 'ajv';

/**
 * Whether messages keep the schemas of docs/asyncapi.json.
 * @param text of the document
 */
export class MessageSchemas {
  private readonly ajv = new Ajv({
    allowUnionTypes: true,
    // Money has five decimals by value; a quotient of binary floats is not whole.
    multipleOfPrecision: 6,
    formats: { 'date-time': true },
  });

  constructor(text: string) {
    const document = JSON.parse(text) as object;
    this.ajv.addVocabulary(Object.keys(document)); // to Ajv the document is a schema with keywords of its own
    this.ajv.addSchema(document, 'asyncapi.json');
  }

  /** @returns what is wrong with the value, a line each; none when it keeps the schema of that name */
  problems(schema: string, value: unknown): string[] {
    const validate = this.ajv.getSchema(`asyncapi.json#/components/schemas/${schema}`) as ValidateFunction;
    return validate(value)
      ? []
      : validate.errors!.map(({ instancePath, message }) => `${instancePath} ${message}`);
  }
}
