"""The live site: the learner's project, running inside the notebook's kernel."""
