"""From what authors write to what learners open, and the rules of the house.

Source -> notebook, solution -> starter, and a chapter executed from the first cell to the last.
"""
