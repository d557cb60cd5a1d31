"""From what authors write to what learners open, and the rules of the house.

Source -> notebook, solution -> starter, a chapter executed from the first cell to the last, and the
executed chapters as a site to read.
"""
