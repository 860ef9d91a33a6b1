import { testChapter } from './testChapter.ts'

testChapter('03-service')
