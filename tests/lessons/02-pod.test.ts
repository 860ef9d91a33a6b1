import { testChapter } from './testChapter.ts'

testChapter('02-pod')
