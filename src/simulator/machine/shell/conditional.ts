import type { TestBinaryExpression, TestExpression, Word } from 'unbash'
import { binaryCondition, unaryCondition } from '../condition.ts'
import { conditionContext } from './conditionContext.ts'
import { CommandFailure } from './failures.ts'
import { FieldBuilder } from './fieldBuilder.ts'
import type { Interpreter } from './interpreter.ts'
import { patternRegExp } from './pattern.ts'
import { addWord, expandPattern, expandText } from './words.ts'

/** Whether what stands in `[[ ]]` holds. */
export async function isTrue(shell: Interpreter, expression: TestExpression): Promise<boolean> {
  switch (expression.type) {
    case 'TestGroup':
      return isTrue(shell, expression.expression)
    case 'TestNot':
      return (await isTrue(shell, expression.operand)) === (expression.negations.length % 2 === 0)
    case 'TestLogical': {
      for (const operand of expression.operands) {
        if ((await isTrue(shell, operand)) !== (expression.operator === '&&')) return expression.operator === '||'
      }
      return expression.operator === '&&'
    }
    case 'TestUnary':
      return unaryCondition(expression.operator, await expandText(shell, expression.operand), conditionContext(shell))
    case 'TestBinary':
      return testBinary(shell, expression)
  }
}

async function testBinary(shell: Interpreter, { operator, left, right }: TestBinaryExpression): Promise<boolean> {
  const text = await expandText(shell, left)
  const flags = shell.shellOptions.has('nocasematch') ? 'i' : ''
  switch (operator) {
    case '=':
    case '==':
      return patternRegExp(await expandPattern(shell, right), flags).test(text)
    case '!=':
      return !patternRegExp(await expandPattern(shell, right), flags).test(text)
    case '=~':
      return matches(shell, text, right, flags)
    case '<':
      return text < (await expandText(shell, right))
    case '>':
      return text > (await expandText(shell, right))
    case '-nt':
    case '-ot':
    case '-ef':
      return binaryCondition(text, operator, await expandText(shell, right), conditionContext(shell))
    default: {
      const one = await conditionNumber(shell, text)
      const other = await conditionNumber(shell, await expandText(shell, right))
      return binaryCondition(String(one), operator, String(other), conditionContext(shell))
    }
  }
}

async function conditionNumber(shell: Interpreter, text: string): Promise<bigint> {
  try {
    return await shell.calculate(text)
  } catch (error) {
    if (error instanceof CommandFailure && !error.isFatal) throw new CommandFailure(`[[: ${error.message}`)
    throw error
  }
}

/** `text =~ expression`: what the groups matched stands in BASH_REMATCH. */
async function matches(shell: Interpreter, text: string, word: Word, flags: string): Promise<boolean> {
  let expression: RegExp
  try {
    expression = new RegExp(translate(await expressionOf(shell, word)), flags)
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
    shell.status = 2
    return false
  }
  const match = expression.exec(text)
  shell.variables.setList('BASH_REMATCH', match ? [...match].map(group => group ?? '') : [])
  return match !== null
}

/** The regular expression that a word stands for: what is quoted stands for itself. */
async function expressionOf(shell: Interpreter, word: Word): Promise<string> {
  let source = ''
  for (const part of word.parts ?? [undefined]) {
    if (part === undefined) source += word.text
    else if (
      part.type === 'Literal' ||
      part.type === 'Glob' ||
      part.type === 'ExtendedGlob' ||
      part.type === 'BraceExpansion'
    ) {
      source += part.text
    } else {
      const builder = new FieldBuilder('', false)
      await addWord(shell, { ...word, parts: [part] }, builder, 'source')
      const text = builder.text()
      const isQuoted = part.type === 'SingleQuoted' || part.type === 'DoubleQuoted' || part.type === 'AnsiCQuoted'
      source += isQuoted ? text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&') : text
    }
  }
  return source
}

const classes: Readonly<Record<string, string>> = {
  alnum: 'A-Za-z0-9',
  alpha: 'A-Za-z',
  blank: ' \\t',
  digit: '0-9',
  lower: 'a-z',
  punct: '!-\\/:-@\\[-`{-~',
  space: '\\s',
  upper: 'A-Z',
  xdigit: '0-9A-Fa-f',
}

/** An extended regular expression in JavaScript's notation. */
function translate(source: string): string {
  return source.replace(/\[:(\w+):\]/g, (all, name: string) => classes[name] ?? all).replace(/\[(\^?)\]/g, '[$1\\]')
}
