// Everything the simulator may use beyond the JavaScript language itself.
declare function structuredClone<T>(value: T): T
declare function queueMicrotask(run: () => void): void
declare class TextEncoder {
  encode(text: string): Uint8Array<ArrayBuffer>
}
declare class TextDecoder {
  constructor(label?: string, options?: { fatal?: boolean; ignoreBOM?: boolean })
  decode(bytes?: Uint8Array, options?: { stream?: boolean }): string
}
declare function btoa(binary: string): string
declare function atob(base64: string): string
