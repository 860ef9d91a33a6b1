import type { ByteReader } from '../../../machine/byteStream.ts'
import { bytesOf, textOf } from '../../../machine/bytes.ts'

/** A value of the redis protocol, RESP. */
export type Value = string | number | null | readonly Value[] | { readonly error: string } | { readonly status: string }

/** A value as it travels. */
export function encode(value: Value): Uint8Array {
  return bytesOf(text(value))
}

function text(value: Value): string {
  if (value === null) return '$-1\r\n'
  if (typeof value === 'number') return `:${value}\r\n`
  if (typeof value === 'string') return `$${bytesOf(value).length}\r\n${value}\r\n`
  if ('error' in value) return `-${value.error}\r\n`
  if ('status' in value) return `+${value.status}\r\n`
  return `*${value.length}\r\n${value.map(text).join('')}`
}

/** The next value that comes; undefined at the end. */
export async function decode(reader: ByteReader): Promise<Value | undefined> {
  const line = await reader.line()
  if (line === undefined) return undefined
  const rest = line.slice(1)
  switch (line[0]) {
    case '+':
      return { status: rest }
    case '-':
      return { error: rest }
    case ':':
      return Number(rest)
    case '$': {
      if (Number(rest) < 0) return null
      const bytes = await reader.exactly(Number(rest))
      await reader.line()
      return textOf(bytes)
    }
    case '*': {
      const values: Value[] = []
      for (let i = 0; i < Number(rest); i++) values.push((await decode(reader)) ?? null)
      return values
    }
  }
  // People with nc type commands as plain words.
  return line.split(/\s+/).filter(word => word !== '')
}
