import { expect, test } from 'vitest'
import { fileNames } from '#simulator/grading/answerFile.ts'
import type { World } from '#simulator/grading/world.ts'
import { Lab } from '#simulator/lab.ts'
import { readLabDefinition } from '#simulator/labDefinition.ts'

test('a file is to hold the word that the seed chose', async () => {
  const lab = await Lab.boot(readLabDefinition('parameters: {cause: [port, label]}\n'), 3)
  const wrong = { ko: '아니에요.', en: 'No.' }
  const found = async () => fileNames('cause.txt', 'cause', wrong)(lab.world() as World)
  expect(await found()).toMatchObject({ state: 'fail', reason: { en: 'There is no file cause.txt yet.' } })
  await lab.run('echo weather > cause.txt')
  expect(await found()).toEqual({ state: 'fail', reason: wrong, evidence: 'weather' })
  await lab.run(`echo ${lab.parameters['cause']} > cause.txt`)
  expect(await found()).toEqual({ state: 'pass', evidence: lab.parameters['cause'] })
})
