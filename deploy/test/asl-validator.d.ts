declare module 'asl-validator' {
  /** Checks a definition in Amazon States Language against its schema, and that every state can be reached. */
  export default function validate(definition: object): { readonly isValid: boolean; readonly errors: readonly unknown[] };
}
