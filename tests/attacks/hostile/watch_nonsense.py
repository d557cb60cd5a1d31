# Answers all questions of the harness with nonsense of the wrong kind. [all]
import workbook_site.judge.agent as agent
agent.Agent.say = lambda self, told, what="": self._transport.write(b'{"id": {}, "value": [[[]]]}\n')
