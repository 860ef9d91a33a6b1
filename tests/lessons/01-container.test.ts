import { testChapter } from './testChapter.ts'

testChapter('01-container')
