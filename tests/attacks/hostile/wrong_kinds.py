# Answers the questions of the harness with values of kinds that nobody expects. [all]
import workbook_site.judge.agent as agent
say = agent.Agent.say
agent.Agent.say = lambda self, told, what="": say(self, {**told, "value": "text"} if "value" in told else told, what)
