import { findCommand } from '../../executable.ts'
import { FileError } from '../../fileError.ts'
import { type Builtin, complain } from '../builtin.ts'
import { FunctionReturn, ShellExit, SyntaxExit } from '../failures.ts'
import type { Interpreter } from '../interpreter.ts'

/** `eval`. */
export const evaluate: Builtin = {
  name: 'eval',
  usage: '[arg ...]',
  summary: 'Execute arguments as a shell command.',
  async run(shell, args) {
    const text = args.join(' ')
    if (text.trim() === '') return 0
    shell.status = 0
    const source = { ...shell.source, text, firstLine: shell.line }
    if (shell.dialect !== 'bash') return shell.runText(text, source)
    try {
      return await shell.runText(text, { ...source, isEval: true })
    } catch (error) {
      if (error instanceof SyntaxExit) return error.status
      throw error
    }
  },
}

/** `source` and `.`. */
export const sources: readonly Builtin[] = ['source', '.'].map(name => ({
  name,
  usage: 'filename [arguments]',
  summary: 'Execute commands from a file in the current shell.',
  run: (shell, args) => runFile(shell, name, args),
}))

async function runFile(shell: Interpreter, name: string, args: readonly string[]): Promise<number> {
  const [file, ...rest] = args
  if (file === undefined) {
    if (shell.dialect !== 'bash') return complain(shell, name, 'filename argument required', 2)
    await shell.complain(`${name}: filename argument required`)
    await shell.process.stderr.write(`${name}: usage: ${name} filename [arguments]\n`)
    return 2
  }
  const { process } = shell
  const along = file.includes('/') ? undefined : findCommand(process.files, shell.path, process.cwd, file)
  let text = ''
  try {
    const reader = process.openRead(along ?? file)
    for (let piece = await reader.read(); piece !== undefined; piece = await reader.read()) text += piece
    reader.close()
  } catch (error) {
    if (!(error instanceof FileError)) throw error
    if (shell.dialect === 'bash')
      await shell.complain(error.code === 'EISDIR' ? `${name}: ${file}: is a directory` : `${file}: ${error.text}`)
    else
      await shell.complain(
        shell.dialect === 'ash' ? `.: can't open '${file}': ${error.text}` : `.: cannot open ${file}: No such file`,
      )
    if (shell.dialect === 'bash' || shell.isInteractive) return 1
    throw new ShellExit(2)
  }
  const outer = shell.positional
  if (rest.length > 0) shell.positional = rest
  shell.sourceDepth++
  shell.status = 0
  try {
    return await shell.runText(text, { kind: 'file', text, firstLine: 1, name: file })
  } catch (error) {
    if (error instanceof FunctionReturn) return error.status
    if (error instanceof SyntaxExit && shell.dialect === 'bash') return error.status
    throw error
  } finally {
    shell.sourceDepth--
    if (rest.length > 0) shell.positional = outer
  }
}
