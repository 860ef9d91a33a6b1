import type {
  AndOr,
  ArithmeticFor,
  Case,
  Command,
  CommandNode,
  CompoundList,
  For,
  Function as FunctionNode,
  HereDoc,
  If,
  Pipeline,
  PipelineNode,
  Redirection,
  Select,
  Statement,
  While,
} from 'unbash'

type Node = PipelineNode | AndOr | CommandNode | CompoundList

const step = 4

/** A command as bash writes it out: `jobs`, `type` and `declare -f` (print_cmd.c). */
export function printCommand(source: string, node: Node): string {
  const printer = new CommandPrinter(source)
  printer.node(node)
  return printer.text
}

/** A function as `type` and `declare -f` show it. */
export function printFunction(source: string, node: FunctionNode): string {
  const printer = new CommandPrinter(source)
  printer.definition(node, '')
  return printer.text
}

class CommandPrinter {
  text = ''
  readonly #source: string
  #indentation = 0
  /** The next command follows on the same line. */
  #skipsIndent = true
  #functionDepth = 0
  #hereDocuments: HereDoc[] = []

  constructor(source: string) {
    this.#source = source
  }

  node(node: Node): void {
    if (node.type === 'CompoundList') return this.#list(node.commands)
    if (this.#skipsIndent) this.#skipsIndent = false
    else this.text += ' '.repeat(this.#indentation)
    switch (node.type) {
      case 'AndOr':
        return this.#andOr(node)
      case 'Pipeline':
        return this.#pipeline(node)
      case 'Command':
        return this.#command(node)
      case 'Redirected':
        this.#inline(node.command)
        return this.#redirections(node.redirects)
      case 'If':
        return this.#if(node)
      case 'For':
      case 'Select':
        return this.#for(node)
      case 'ArithmeticFor':
        return this.#arithmeticFor(node)
      case 'While':
        return this.#while(node)
      case 'Case':
        return this.#case(node)
      case 'BraceGroup':
        return this.#group(node.body)
      case 'Subshell':
        this.text += '( '
        this.#inline(node.body)
        this.text += ' )'
        return
      case 'Function':
        return this.definition(node, 'function ')
      default:
        this.text += this.#source.slice(node.pos, node.end)
    }
  }

  definition(node: FunctionNode, start: string): void {
    const body = node.body.type === 'Redirected' ? node.body.command : node.body
    this.text += `${start}${node.name.value} () \n${' '.repeat(this.#indentation)}{ \n`
    this.#functionDepth++
    this.#skipsIndent = false
    this.#indented(() => this.node(body.type === 'BraceGroup' ? body.body : body))
    this.#functionDepth--
    this.#newline('}')
    if (node.body.type === 'Redirected') this.#redirections(node.body.redirects)
  }

  #inline(node: Node): void {
    this.#skipsIndent = true
    this.node(node)
  }

  #list(statements: readonly Statement[]): void {
    for (const [index, statement] of statements.entries()) {
      this.node(statement.command)
      if (statement.background) this.text += ' &'
      if (index === statements.length - 1) break
      const hadDocument = this.#flushDocuments()
      if (!statement.background && !hadDocument) this.text += ';'
      if (this.#functionDepth > 0 && !statement.background) this.text += hadDocument ? '' : '\n'
      else {
        this.text += ' '
        this.#skipsIndent = true
      }
    }
    this.#flushDocuments()
  }

  #andOr(node: AndOr): void {
    for (const [index, command] of node.commands.entries()) {
      if (index > 0) this.text += ` ${node.operators[index - 1]} `
      this.#inline(command)
    }
  }

  #pipeline(node: Pipeline): void {
    for (const prefix of node.prefixes)
      this.text += prefix.type === 'Negation' ? '! ' : prefix.posix ? 'time -p ' : 'time '
    for (const [index, command] of node.commands.entries()) {
      if (index > 0) this.text += node.operators[index - 1] === '|&' ? ' 2>&1 | ' : ' | '
      this.#inline(command)
    }
  }

  #command(node: Command): void {
    const words = [
      ...node.prefix.filter(item => item.type === 'Assignment').map(item => item.text),
      ...(node.name ? [node.name.text] : []),
      ...node.args.map(arg => arg.text),
    ]
    this.text += words.join(' ')
    this.#redirections(node.redirects, words.length === 0)
  }

  #redirections(redirections: readonly Redirection[], isFirst = false): void {
    for (const [index, redirection] of redirections.entries()) {
      if (!isFirst || index > 0) this.text += ' '
      this.text += this.#redirection(redirection)
    }
  }

  #redirection(redirection: Redirection): string {
    const { descriptor, operator } = redirection
    const number = descriptor?.type === 'FileDescriptorVariable' ? `{${descriptor.name}}` : (descriptor?.value ?? '')
    if (redirection.type === 'HereDoc') {
      this.#hereDocuments.push(redirection)
      return `${number}${operator}${redirection.delimiter?.text ?? ''}`
    }
    const target = redirection.target?.text ?? ''
    if (redirection.type === 'HereString') return `${number}<<< ${target}`
    if ((operator === '>&' || operator === '<&') && /^(\d+-?|-|\$.*)$/.test(target)) {
      return `${number === '' ? (operator === '<&' ? 0 : 1) : number}${operator}${target}`
    }
    if (operator === '>&') return `&> ${target}`
    return `${number}${operator} ${target}`
  }

  #if(node: If): void {
    this.text += 'if '
    this.#inline(node.clause)
    this.#semicolon()
    this.text += ' then\n'
    this.#indented(() => this.node(node.then))
    this.#else(node, 0)
    this.#semicolon()
    this.#newline('fi')
  }

  /** An `elif` is an `if` inside `else` for bash. */
  #else(node: If, index: number): void {
    const branch = node.elif[index]
    if (!branch && !node.else) return
    this.#semicolon()
    this.#newline('else\n')
    this.#indented(() => {
      if (!branch) return this.node(node.else!)
      this.text += `${' '.repeat(this.#indentation)}if `
      this.#inline(branch.clause)
      this.#semicolon()
      this.text += ' then\n'
      this.#indented(() => this.node(branch.then))
      this.#else(node, index + 1)
      this.#semicolon()
      this.#newline('fi')
    })
  }

  #for(node: For | Select): void {
    const words = node.wordlist ? node.wordlist.map(word => word.text).join(' ') : '"$@"'
    this.text += `${node.type === 'For' ? 'for' : 'select'} ${node.name.text} in ${words};`
    this.#loopBody(node.body)
  }

  #arithmeticFor(node: ArithmeticFor): void {
    const header = /\(\(([\s\S]*)\)\)/.exec(this.#source.slice(node.pos, node.body.pos))?.[1] ?? ''
    this.text += `for ((${header
      .split(';')
      .map(part => part.trim())
      .join('; ')}))`
    this.#loopBody(node.body)
  }

  #loopBody(body: CompoundList): void {
    this.#newline('do\n')
    this.#indented(() => this.node(body))
    this.#semicolon()
    this.#newline('done')
  }

  #while(node: While): void {
    this.text += `${node.kind} `
    this.#inline(node.clause)
    this.#semicolon()
    this.text += ' do\n'
    this.#indented(() => this.node(node.body))
    this.#semicolon()
    this.#newline('done')
  }

  #case(node: Case): void {
    this.text += `case ${node.word.text} in `
    this.#indented(() => {
      for (const item of node.items) {
        this.#newline(`${item.pattern.map(word => word.text).join(' | ')})`)
        if (item.body.commands.length > 0) {
          this.text += '\n'
          this.#indented(() => this.node(item.body))
        }
        this.#newline(item.terminator ?? ';;')
      }
    })
    this.#newline('esac')
  }

  #group(body: CompoundList): void {
    this.text += '{ '
    if (this.#functionDepth > 0) {
      this.text += '\n'
      this.#indented(() => this.node(body))
      this.#newline('}')
      return
    }
    this.#inline(body)
    this.#semicolon()
    this.text += ' }'
  }

  #indented(print: () => void): void {
    this.#indentation += step
    print()
    this.#indentation -= step
  }

  #newline(text: string): void {
    this.text += `\n${' '.repeat(this.#indentation)}${text}`
  }

  #semicolon(): void {
    if (!/[&\n]$/.test(this.text)) this.text += ';'
  }

  /** Bodies of here-documents follow the line on which they begin. */
  #flushDocuments(): boolean {
    const documents = this.#hereDocuments
    this.#hereDocuments = []
    for (const { body, delimiter } of documents) this.text += `\n${body.text}${delimiter?.value ?? ''}\n`
    return documents.length > 0
  }
}
