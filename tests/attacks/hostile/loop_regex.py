# A regular expression that takes exponential time, the lock of the interpreter in hand. [waits]
import re
def attack():
    re.match(r"(a+)+$", "a" * 60 + "b")
