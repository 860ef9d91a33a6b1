import Command from './Command.astro'
import Debrief from './Debrief.astro'
import InProduction from './InProduction.astro'
import OtherWays from './OtherWays.astro'
import Param from './Param.astro'
import Predict from './Predict.astro'
import Question from './Question.astro'
import Step from './Step.astro'

/** The components that a lesson's text may use. */
export const lessonComponents = { Command, Debrief, InProduction, OtherWays, Param, Predict, Question, Step }
