import type { FileTree } from './fileTree.ts'
import type { FileNode } from './inode.ts'
import type { Input, Output } from './streams.ts'

const pieceLength = 65_536

/** An open file: the place reached so far is shared by all who hold it. */
export class FileStream implements Input, Output {
  readonly isAppending: boolean
  readonly path: string
  readonly #tree: FileTree
  readonly #node: FileNode
  #at = 0
  /** Text of a generated file, made once per opening. */
  #generated: string | undefined

  constructor(tree: FileTree, path: string, node: FileNode, isAppending: boolean) {
    this.#tree = tree
    this.path = path
    this.#node = node
    this.isAppending = isAppending
  }

  take(): string | undefined {
    const text = this.#text()
    if (this.#at >= text.length) return undefined
    let end = Math.min(text.length, this.#at + pieceLength)
    if (end < text.length && isHighSurrogate(text.charCodeAt(end - 1))) end++
    const piece = text.slice(this.#at, end)
    this.#at = end
    return piece
  }

  unread(text: string): void {
    this.#at = Math.max(0, this.#at - text.length)
  }

  put(text: string): string {
    const node = this.#node
    if (node.accept) node.accept(text)
    else {
      const at = this.isAppending ? node.text.length : this.#at
      if (at === node.text.length) node.text += text
      else node.text = node.text.slice(0, at).padEnd(at, '\0') + text + node.text.slice(at + text.length)
      this.#at = at + text.length
    }
    this.#touched()
    return ''
  }

  truncate(): void {
    if (this.#node.text !== '') this.#node.text = ''
    this.#touched()
  }

  /** Moves to the start again: programs that watch a file they have read. */
  rewind(): void {
    this.#at = 0
    this.#generated = undefined
  }

  whenReady(wake: () => void): void {
    wake()
  }

  whenRoom(wake: () => void): void {
    wake()
  }

  retain(): void {}

  release(): void {}

  #text(): string {
    if (!this.#node.generate) return this.#node.text
    this.#generated ??= this.#node.generate()
    return this.#generated
  }

  #touched(): void {
    this.#node.modified = this.#tree.now()
    this.#tree.changed(this.path)
  }
}

function isHighSurrogate(unit: number): boolean {
  return unit >= 0xd800 && unit <= 0xdbff
}
