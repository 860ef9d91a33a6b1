import type { Api, RequestOptions } from './api.ts'
import { isList } from './object.ts'

interface Chunk {
  readonly metadata?: { readonly continue?: string }
  readonly items?: readonly unknown[]
  readonly rows?: readonly unknown[]
}

/** Reads a list or a table, and what comes after it where the server gives it in chunks, as one. */
export async function readWhole<T>(api: Api, path: string, options: RequestOptions): Promise<T> {
  const first = await api.read<T & Chunk>(path, options)
  const rest: Chunk[] = []
  for (let token = first.metadata?.continue; token; token = rest.at(-1)?.metadata?.continue)
    rest.push(await api.read<Chunk>(path, { ...options, query: { ...options.query, continue: token } }))
  if (rest.length === 0) return first
  if (isList(first)) return { ...first, items: [...first.items, ...rest.flatMap(({ items = [] }) => items)] }
  return { ...first, rows: [...(first.rows ?? []), ...rest.flatMap(({ rows = [] }) => rows)] }
}
