import { type Prefix, parseIpv4, parsePrefix } from '../../../network/address.ts'

/** A command that `ip` refuses: its words and its exit status. */
export class IpError extends Error {
  readonly status: number
  constructor(message: string, status = 255) {
    super(message)
    this.status = status
  }
}

/** The kernel's refusal of a request, as iproute2 prints it. */
export function kernelError(text: string): IpError {
  return new IpError(`RTNETLINK answers: ${text}`, 2)
}

/** The words of a command, read one after the other; keywords may be shortened as iproute2 lets them. */
export class Words {
  readonly #words: readonly string[]
  #at = 0

  constructor(words: readonly string[]) {
    this.#words = words
  }

  get isAtEnd(): boolean {
    return this.#at >= this.#words.length
  }

  get peek(): string | undefined {
    return this.#words[this.#at]
  }

  /** All that has not been read. */
  rest(): readonly string[] {
    return this.#words.slice(this.#at)
  }

  /** The next word, which has to be there. */
  next(): string {
    const word = this.#words[this.#at++]
    if (word === undefined) throw new IpError('Command line is not complete. Try option "help"')
    return word
  }

  /** Takes the next word when it is one of these, or the beginning of one; the first that fits counts. */
  take<Name extends string>(...names: readonly Name[]): Name | undefined {
    const word = this.peek
    if (word === undefined) return undefined
    const name = names.find(each => each === word) ?? names.find(each => word !== '' && each.startsWith(word))
    if (name !== undefined) this.#at++
    return name
  }

  /** Takes the next word only when it is exactly one of these. */
  takeExactly<Name extends string>(...names: readonly Name[]): Name | undefined {
    const name = names.find(each => each === this.peek)
    if (name !== undefined) this.#at++
    return name
  }

  address(): number {
    const word = this.next()
    const address = parseIpv4(word)
    if (address === undefined) {
      const shown = word.includes(':')
        ? 'IPv6 is not simulated here'
        : `any valid address is expected rather than "${word}".`
      throw new IpError(word.includes(':') ? shown : `Error: ${shown}`, 1)
    }
    return address
  }

  prefix(): Prefix {
    const word = this.next()
    if (word === 'default' || word === 'any' || word === 'all') return { address: 0, length: 0 }
    const short = /^\d+(\.\d+){0,2}\/\d+$/.exec(word)
    const [network = '', length] = word.split('/')
    const full = short ? `${[...network.split('.'), 0, 0, 0].slice(0, 4).join('.')}/${length}` : word
    const prefix = parsePrefix(full)
    if (!prefix) throw new IpError(`Error: any valid prefix is expected rather than "${word}".`, 1)
    return prefix
  }

  number(name: string): number {
    const word = this.next()
    if (!/^(\d+|0x[\da-f]+)$/i.test(word))
      throw new IpError(`Error: argument "${word}" is wrong: Invalid "${name}" value`)
    return Number(word)
  }
}
