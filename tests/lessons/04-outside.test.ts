import { testChapter } from './testChapter.ts'

testChapter('04-outside')
