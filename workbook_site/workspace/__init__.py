"""A learner's workspace: notebooks of their own, their project, their progress.

notebook.py    a notebook file as data: its cells, and what makes two of them the same
delivery.py    the chapters' notebooks arrive, and their newer versions later on
backups.py     what is about to be replaced is kept
sites.py       where the live sites of the workspace answer
resetting.py   one chapter, or one exercise, as it was printed
"""
